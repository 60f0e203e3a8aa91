// Vite wraps each `import()` in a helper that puts links into the page's head and tells the page's window of what does not load. It is for
// chunks with stylesheets of their own, and ours have none: a build that brings one is stopped.
import type { Plugin } from "vite";

/** Leaves `import()` as it is written. */
export function withoutPreload(): Plugin {
  return {
    name: "without-preload",
    apply: "build",
    enforce: "pre",
    load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined),
    generateBundle(_, bundle) {
      const styles = Object.keys(bundle).filter((name) => name.endsWith(".css"));
      if (styles.length) this.error(`Nobody would load ${styles.join(", ")}: import it with “?inline”`);
    },
  };
}
