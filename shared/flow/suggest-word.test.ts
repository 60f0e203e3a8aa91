import { describe, expect, it } from "vitest";
import { FlowFile } from "./flow-file.ts";
import { placeFaults, readFile } from "./read-file.ts";
import { editDistance, suggestWord } from "./suggest-word.ts";

describe("a word that is not one of the format", () => {
  it("is told which was probably meant", () => {
    expect(suggestWord("triger")).toBe("trigger");
    expect(suggestWord("metod")).toBe("method");
    expect(suggestWord("baseURL")).toBe("baseUrl");
    expect(suggestWord("zebra")).toBeUndefined();
    expect(suggestWord("trigger")).toBeUndefined();
    expect(editDistance("form", "from")).toBe(1);
  });

  it("comes with the fault that its file is refused with", () => {
    const result = readFile("inlay: 1\nkey: a\nnmae: A\nblocks: []\n", FlowFile);
    const fault = result.ok ? undefined : result.faults.find(({ code }) => code === "unknown_key");
    expect(fault).toMatchObject({ line: 3, suggestion: "name", message: "“nmae” is not a key here; did you mean “name”?" });
  });
});

it("a fault known by its path alone is found in the text", () => {
  const text = "inlay: 1\nblocks:\n  - key: a\n    steps:\n      - { key: x, call: nowhere }\n";
  expect(placeFaults(text, [{ code: "c", message: "m", path: "blocks.0.steps.0.call" }])).toMatchObject([{ line: 5, column: 25 }]);
  expect(placeFaults(text, [{ code: "c", message: "m", path: "blocks.0.steps.7.call" }])).toMatchObject([{ line: 5 }]);
});
