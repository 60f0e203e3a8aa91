import { readFileSync, writeFileSync } from "node:fs";
import { readDocument } from "../../shared/openapi/document.ts";
import { listOperations } from "../../shared/openapi/operations.ts";
import { toApp } from "../../shared/openapi/to-app.ts";
import { CommandError } from "../edge-access.ts";

interface Wish {
  key?: string | undefined;
  operations?: string | undefined;
  out?: string | undefined;
  list?: boolean | undefined;
  json?: boolean | undefined;
}

/** Makes an app file of an OpenAPI document: a file, or an address. With `list`, prints its operations instead. */
export async function fromOpenApi(document: string, { key, operations, out, list, json }: Wish): Promise<void> {
  const text = /^https?:\/\//.test(document) ? await download(document) : readFileSync(document, "utf8");
  const read = readDocument(text);
  if (!read.ok) throw new CommandError(read.message);
  if (list && json) {
    console.log(JSON.stringify(listOperations(read.document), null, 2));
    return;
  }
  if (list) {
    for (const { id, method, path, title } of listOperations(read.document))
      console.log(`${id.padEnd(40)} ${method.padEnd(6)} ${path}  ${title}`);
    return;
  }
  const made = toApp(read.document, { key, operations: operations?.split(",").map((one) => one.trim()), document });
  const path = out ?? `${made.key}.app.yaml`;
  writeFileSync(path, made.source);
  if (json) {
    console.log(JSON.stringify({ path, key: made.key, operations: made.operations, notes: made.notes }, null, 2));
    return;
  }
  for (const note of made.notes) console.error(`note: ${note}`);
  console.log(`${path}: ${made.operations.length} operations`);
}

async function download(url: string): Promise<string> {
  const response = await fetch(url).catch((error: Error) => {
    throw new CommandError(`${url} does not answer: ${error.message}`);
  });
  if (!response.ok) throw new CommandError(`${url} answered ${response.status}.`);
  return response.text();
}
