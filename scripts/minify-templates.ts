import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { ROOT } from "./settings.ts";

/** Text of a stylesheet without the blanks and comments that say nothing. */
export const minifyCss = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};>]) ?/g, "$1")
    .replace(/([:,(]) | (?=\))/g, "$1")
    .replace(/ ([*/]) (?=[\d.(])/g, "$1")
    .replace(/(?<![\w.])0(?=\.\d)/g, "")
    .replace(/;}/g, "}")
    .trim();

/** Our own tokens by the names that they have once built: they are written a thousand times. In the order of their file, so that a build repeats. */
const TOKENS = new Map(
  [...new Set(readFileSync(join(ROOT, "widget/styles/tokens.ts"), "utf8").match(/--_[\w-]+(?=:)/g))].map((name, at) => [
    name,
    `--_${at.toString(36)}`,
  ]),
);

/** `code` with every token of `tokens.ts` by its short name; other custom properties stay as they are. */
export const shortenTokens = (code: string): string => code.replace(/--_[\w-]+/g, (name) => TOKENS.get(name) ?? name);

/** What begins a line inside a tag or between two: an attribute, a tag or its end, a place. Not after a comment, which ends with its line. */
const LINE_OF_A_TAG = /(?<!\/\/.*)\n[ \t]+(?=[@.?\w-]+=["$]|[\w-]+\n|<|\/?>|\$\{)/g;

/**
 * Takes out of the widget's templates, as it is built, what says nothing. `css` loses its blanks unless it holds a place (`${…}`); in `html` a
 * line's indentation goes, and its end inside tags is a blank: a browser reads either as one (no template of ours indents inside `pre`).
 * Tokens have short names in the console as well.
 */
export function minifyTemplates(): Plugin {
  return {
    name: "minify-templates",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!/\/widget\/.*\.ts$/.test(id)) return undefined;
      const named = shortenTokens(code);
      if (/\/widget\/console/.test(id)) return { code: named, map: null };
      const styled = named.replace(/\bcss`([^`\\$]*)`/g, (_, css: string) => `css\`${minifyCss(css)}\``);
      return { code: styled.replace(LINE_OF_A_TAG, " ").replace(/\n[ \t]+/g, "\n"), map: null };
    },
  };
}
