import { jsonSize } from "../engine/json-size.ts";
import { ProblemError } from "./problem.ts";

/** A row of the catalogue holds a file as it is written and as what it says; D1 takes 2,000,000 bytes a row. */
const ROW = 1_900_000;

/** Refuses a flow or app file that no row can hold: written out as JSON, text with many quotes or escapes grows to twice its size. */
export function refuseLargeFile(source: string, file: unknown): void {
  const size = new TextEncoder().encode(source).byteLength + jsonSize(file, 0);
  if (size > ROW)
    throw new ProblemError(
      "too_large",
      `The file has ${size} bytes as it is stored, as text and as JSON; ${ROW} are allowed. Move some of it to another file.`,
    );
}
