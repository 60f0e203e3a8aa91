import { expect, test } from "vitest";
import { minifyCss } from "./minify-templates.ts";

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
    ".card>:is(h4,p) + .x{inline-size:calc(100% - var(--_space) * 2);margin:0 auto}" +
      "@media (min-width:10px) and (hover){.a .b{transition:color 1s,opacity 1s}}",
  );
});
