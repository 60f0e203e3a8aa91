import { expect, it } from "vitest";
import { rewriteFile } from "./rewrite-file.ts";

it("changes the texts asked for and no other byte", () => {
  const source = '# Ours\ninlay: 1\nkey:   a # stays\nname: "A: b"\n\nblocks: [] # end\n';
  expect(rewriteFile(source, { key: "b", name: "C: d" })).toBe('# Ours\ninlay: 1\nkey:   b # stays\nname: "C: d"\n\nblocks: [] # end\n');
  expect(rewriteFile(source, {})).toBe(source);
  expect(rewriteFile("inlay: 1\nkey: a\n", { name: "true" })).toBe('name: "true"\ninlay: 1\nkey: a\n');
  expect(JSON.parse(rewriteFile('{"inlay": 1, "key": "a"}', { key: "b" }))).toEqual({ inlay: 1, key: "b" });
});
