import { expect, it } from "vitest";
import { rewriteFile } from "./rewrite-file.ts";

it("changes the texts asked for and no other byte", () => {
  const source = '# Ours\ninlay: 1\nkey:   a # stays\nname: "A: b"\n\nblocks: [] # end\n';
  expect(rewriteFile(source, { key: "b", name: "C: d" })).toBe('# Ours\ninlay: 1\nkey:   b # stays\nname: "C: d"\n\nblocks: [] # end\n');
  expect(rewriteFile(source, {})).toBe(source);
  expect(rewriteFile("inlay: 1\nkey: a\n", { name: "true" })).toBe('inlay: 1\nname: "true"\nkey: a\n');
  expect(rewriteFile("inlay: 1 # ours", { icon: "icons/a.svg" })).toBe("inlay: 1 # ours\nicon: icons/a.svg\n");
  expect(JSON.parse(rewriteFile('{"inlay": 1, "key": "a"}', { key: "b" }))).toEqual({ inlay: 1, key: "b" });
});

it("reaches into maps by a path, in either way of writing them", () => {
  const block = "key: a\naccounts:\n  crm: # ours\n    app: crm\n    owner: workspace\n  mail: { app: mail, owner: workspace }\n";
  expect(rewriteFile(block, { "accounts.crm.account": "second", "accounts.mail.account": "third" })).toBe(
    "key: a\naccounts:\n  crm: # ours\n    app: crm\n    account: second\n    owner: workspace\n  mail: { account: third, app: mail, owner: workspace }\n",
  );
  const again = rewriteFile(block, { "accounts.crm.account": "second" });
  expect(rewriteFile(again, { "accounts.crm.account": "main" })).toBe(again.replace("second", "main"));
  expect(rewriteFile("a: { b: 1 }", { "a.b": "true", "a.c": "x, y" })).toBe('a: { c: "x, y", b: "true" }');
  expect(rewriteFile(block, { "accounts.none.account": "second" })).toBe(block);
});

it("writes several lines as a block, in place of a line or of a block, and takes nothing from what follows", () => {
  const lines = "# A\n\n- b: c\n";
  const block = "inlay: 1\ndocs: |\n  # A\n\n  - b: c\nname: A\n";
  expect(rewriteFile("inlay: 1\nname: A\n", { docs: lines })).toBe(block);
  expect(rewriteFile(block, { docs: "One: line" })).toBe('inlay: 1\ndocs: "One: line"\nname: A\n');
  expect(rewriteFile('inlay: 1\ndocs: "One: line" # why\nname: A\n', { docs: "x\ny" })).toBe('inlay: 1\ndocs: "x\\ny" # why\nname: A\n');
});
