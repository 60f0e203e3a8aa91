import fc from "fast-check";
import { expect, test } from "vitest";
import { type RichNode, readHtml, readMarkdown, safeLink } from "./rich-text.ts";

const text = (nodes: RichNode[]): string => nodes.map((node) => (typeof node === "string" ? node : text(node.children))).join("");
const tags = (nodes: RichNode[]): string[] => nodes.flatMap((node) => (typeof node === "string" ? [] : [node.tag, ...tags(node.children)]));
const links = (nodes: RichNode[]): string[] =>
  nodes.flatMap((node) => (typeof node === "string" ? [] : [...(node.href === undefined ? [] : [node.href]), ...links(node.children)]));

test("html keeps its marks and loses everything else", () => {
  const nodes = readHtml(
    `<div onclick="x()"><p>Hello <b>there</b>&nbsp;&amp; <a href="https://a.example/?x=1&amp;y=2" target=_top>more</a></p></div>`,
  );
  expect(tags(nodes)).toEqual(["p", "p", "strong", "a"]);
  expect(text(nodes)).toBe("Hello there & more");
  expect(links(nodes)).toEqual(["https://a.example/?x=1&y=2"]);
});

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<iframe srcdoc='<p>x</p>'></iframe>",
  "<style>*{display:none}</style>",
  "<!-- <b>no</b> -->",
  "<!-- never closed <b>no</b>",
])("%s leaves nothing", (source) => {
  expect(readHtml(source)).toEqual([]);
});

test.each([
  "javascript:alert(1)",
  " JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "//evil.example",
  "/here",
])("%j is no link", (href) => {
  expect(safeLink(href)).toBeUndefined();
  expect(links(readHtml(`<a href="${href}">x</a>`))).toEqual([]);
  expect(links(readMarkdown(`[x](${href.replaceAll(/\s/g, "")})`))).toEqual([]);
});

test("markdown reads headings, lists, emphasis, code, quotes and links", () => {
  const nodes = readMarkdown(
    "# Title\n\nSome **bold** and *soft* `code_x`,\nsee [docs](https://a.example).\n\n- one\n- two\n\n1. first\n\n> said\n\n---\n```\na *b*\n```",
  );
  expect(tags(nodes)).toEqual([
    ...["h3", "p", "strong", "em", "code", "a", "ul", "li", "li", "ol", "li", "blockquote", "p", "hr", "pre", "code"],
  ]);
  expect(text(nodes)).toContain("a *b*");
});

test("markup in markdown is text", () => {
  expect(tags(readMarkdown("<b>x</b> <script>y</script>"))).toEqual(["p"]);
});

test("any text is read, none is lost from markdown's words, and it ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab*_`[](){}<>/#-\n >1.!&;\"'=") }), (source) => {
      readHtml(source);
      const words = (source.match(/[ab]/g) ?? []).join("");
      const shown = (text(readMarkdown(source)).match(/[ab]/g) ?? []).join("");
      expect(words.startsWith(shown) || shown.length <= words.length).toBe(true);
    }),
    { numRuns: 500 },
  );
});
