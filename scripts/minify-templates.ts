import type { Plugin } from "vite";

/** Text of a stylesheet without the blanks and comments that say nothing. */
export const minifyCss = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};>]) ?/g, "$1")
    .replace(/([:,]) /g, "$1")
    .replace(/;}/g, "}")
    .trim();

/**
 * Takes the blanks out of the widget's templates as it is built. `css` loses all that say nothing, unless it holds a place (`${…}`); in `html`
 * a line's indentation goes, which a browser reads as one blank either way (no template of ours indents inside `pre`).
 */
export function minifyTemplates(): Plugin {
  return {
    name: "minify-templates",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!/\/widget\/(?!console).*\.ts$/.test(id)) return undefined;
      const styled = code.replace(/\bcss`([^`\\$]*)`/g, (_, css: string) => `css\`${minifyCss(css)}\``);
      return { code: styled.replace(/\n[ \t]+/g, "\n"), map: null };
    },
  };
}
