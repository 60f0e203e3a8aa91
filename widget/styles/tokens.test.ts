/// <reference types="vite/client" />
import { expect, test } from "vitest";
import { tokens } from "./tokens.ts";

const sources = import.meta.glob<string>(["../**/*.ts", "!../**/*.test.ts", "!../testing/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const all = Object.values(sources).join("\n");
const declared = new Set([...tokens.cssText.matchAll(/(--_[\w-]+):/g)].map(([, name = ""]) => name));
const anywhere = new Set([...all.matchAll(/(--_[\w-]+)(?::|", )/g)].map(([, name = ""]) => name));

test("every token that is used is declared, and every declared one is used", () => {
  const used = new Set([...all.matchAll(/var\((--_[\w-]+)/g)].map(([, name = ""]) => name));
  expect([...used].filter((name) => !anywhere.has(name))).toEqual([]);
  expect([...declared].filter((name) => !used.has(name))).toEqual([]);
});

test("every property that a host may set is documented, and every documented one is read", () => {
  const source = sources["./tokens.ts"] ?? "";
  const documented = new Set([...source.matchAll(/@cssproperty (--inlay-[\w-]+)/g)].map(([, name = ""]) => name));
  const read = new Set([...all.matchAll(/var\(\s*(--inlay-[\w-]+)/g)].map(([, name = ""]) => name));
  expect([...read].sort()).toEqual([...documented].sort());
});

test("no template carries a style attribute, which a strict policy would refuse", () => {
  const offenders = Object.entries(sources).filter(([, text]) => /<[a-z][^>`]*\sstyle="/.test(text) || /setAttribute\("style"/.test(text));
  expect(offenders.map(([path]) => path)).toEqual([]);
});

test("what is laid out follows the direction of the text", () => {
  const physical = /^\s*(margin|padding|border|inset)-(left|right)|^\s*(left|right):|text-align: (left|right)/m;
  /** Four sides of which left and right differ. */
  const isLopsided = (text: string) =>
    [...text.matchAll(/^\s*(?:margin|padding|inset): ([^;"]+);/gm)].some(([, sides = ""]) => {
      const [, right, , left] = sides.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
      return left !== undefined && left !== right;
    });
  expect(
    Object.entries(sources)
      .filter(([, text]) => physical.test(text) || isLopsided(text))
      .map(([path]) => path),
  ).toEqual([]);
});
