import { readFileSync } from "node:fs";
import { AppFile } from "../shared/flow/app-file.ts";
import { FlowFile } from "../shared/flow/flow-file.ts";
import { readFile } from "../shared/flow/read-file.ts";

/** Checks flow files (`*.flow.yaml`) and app files, printing each fault as `FILE:LINE:COLUMN message`. True when there is none. */
export function validateFiles(files: string[]): boolean {
  let faults = 0;
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const result = /\.app\.(ya?ml|json)$/.test(file) ? readFile(text, AppFile) : readFile(text, FlowFile);
    if (result.ok) continue;
    for (const { line, column, path, message } of result.faults)
      console.log(`${file}:${line}:${column} ${path ? `${path}: ` : ""}${message}`);
    faults += result.faults.length;
  }
  console.log(faults ? `${faults} fault${faults === 1 ? "" : "s"}` : `${files.length} file${files.length === 1 ? "" : "s"} in order`);
  return faults === 0;
}
