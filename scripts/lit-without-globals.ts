// Lit tells its version and keeps metadata of standard decorators in the page's global object. The script promises to leave nothing there, and
// uses neither: they are taken out as it is built. A Lit that says these things in other words stops the build.
import type { Plugin } from "vite";

/** By the end of a module's path: what is cut, and what stands there instead. */
const CUTS: Record<string, [RegExp, string][]> = {
  "@lit/reactive-element/reactive-element.js": [
    [/,\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[^"]+"\)/, ""],
    [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ""],
    [/litPropertyMetadata\.get\(\w+\)/, "void 0"],
  ],
  "lit-html/lit-html.js": [[/,\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]+"\)/, ""]],
  "lit-element/lit-element.js": [[/\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[^"]+"\);/, ""]],
};

/** Takes Lit's names out of the global object. Only for a build that carries a Lit of its own, with legacy decorators. */
export function litWithoutGlobals(): Plugin {
  return {
    name: "lit-without-globals",
    apply: "build",
    transform(code, id) {
      const file = Object.keys(CUTS).find((end) => id.endsWith(`/node_modules/${end}`));
      if (!file) return undefined;
      let text = code;
      for (const [pattern, replacement] of CUTS[file] ?? []) {
        if (!pattern.test(text)) this.error(`${file} no longer holds ${pattern}: look at how this version of Lit uses the global object`);
        text = text.replace(pattern, replacement);
      }
      return { code: text, map: null };
    },
  };
}
