import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { METERED, meterQuickJs } from "./meter-quickjs.ts";

test("the interpreter in the repository is the installed one, metered: else run npm run meter", () => {
  expect(Buffer.compare(readFileSync(METERED), meterQuickJs())).toBe(0);
});
