import type { Context } from "hono";
import type { z } from "zod";
import { type FileFault, readFile } from "../../../shared/flow/read-file.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { depthOf, MAX_DEPTH, readBody } from "../../http/cap-body.ts";
import { ProblemError } from "../../http/problem.ts";

/** Reads the request's body as a flow or app file (YAML, or JSON). Refuses with each fault's path, line and column. */
export async function readFileBody<T>(c: Context<AppEnv>, schema: z.ZodType<T>): Promise<{ source: string; file: T }> {
  const source = await readBody(c.req.raw);
  if (source.trim() === "") throw new ProblemError("bad_request", "The body is empty. Send the file's text.");
  if (depthOf(source) > MAX_DEPTH) throw new ProblemError("bad_request", `The file is nested deeper than ${MAX_DEPTH} levels.`);
  const result = readFile(source, schema);
  if (!result.ok) throw faultsProblem(result.faults);
  return { source, file: result.value };
}

/** Faults of a file as a refusal; the first one in words. */
export function faultsProblem(faults: (Pick<FileFault, "code" | "message" | "path"> & Partial<FileFault>)[]): ProblemError {
  const [first] = faults;
  const place = first?.line ? ` (line ${first.line}, column ${first.column})` : "";
  const errors = faults.map(({ path, code, message, line, column }) => ({
    path,
    code,
    message,
    ...(line && column ? { params: { line, column } } : {}),
  }));
  return new ProblemError("invalid", `${first?.path ? `${first.path}: ` : ""}${first?.message ?? "The file is not in order."}${place}`, {
    errors,
  });
}
