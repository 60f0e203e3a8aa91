import { expect, test } from "vitest";
import { minifyCss, shortenTokens } from "./minify-templates.ts";

test("blanks and comments go, and those that mean something stay", () => {
  const css = `
    /* a card */
    .card > :is(h4, p) + .x {
      inline-size: calc(100% - var(--_space) * 2);
      margin: 0 auto;
    }

    @media (min-width: 10px) and (hover) {
      .a .b { transition: color 1s, opacity 1s; }
    }`;
  expect(minifyCss(css)).toBe(
    ".card>:is(h4,p) + .x{inline-size:calc(100% - var(--_space)*2);margin:0 auto}" +
      "@media (min-width:10px) and (hover){.a .b{transition:color 1s,opacity 1s}}",
  );
});

test("numbers and functions are written short, and what lies beside a universal selector stays", () => {
  expect(
    minifyCss("a { color: oklch( from var(--x) 0.965 10.05 h / 0.5 ); inline-size: calc((1px + 2px) * 2) } .a > * + * { top: 0 }"),
  ).toBe("a{color:oklch(from var(--x) .965 10.05 h/.5);inline-size:calc((1px + 2px)*2)}.a>* + *{top:0}");
});

test("tokens have short names of their own, other properties keep theirs", () => {
  const short = shortenTokens("var(--_accent) var(--_accent-soft) var(--_ground) var(--inlay-space)");
  expect(short).toMatch(/^var\(--_\w\) var\(--_\w\) var\(--_ground\) var\(--inlay-space\)$/);
  expect(new Set(short.split(" ")).size).toBe(4);
});
