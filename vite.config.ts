import { defineConfig } from "vite";
import { litWithoutGlobals } from "./scripts/lit-without-globals.ts";
import { minifyTemplates } from "./scripts/minify-templates.ts";
import { releasePlugin } from "./scripts/release.ts";
import { writeWidgetDocs } from "./scripts/widget-docs.ts";
import { withoutPreload } from "./scripts/without-preload.ts";

/** What the first cards need, in one chunk: seventeen small files compress worse and are asked for one after another. */
const CORE = [
  /node_modules\/(lit|@lit|lit-html|lit-element)\//,
  /widget\/(host\/(?!focus-keeper)|styles\/)/,
  /widget\/api\/(?!stream|sse)/,
  /widget\/(contexts|events|define)\.ts/,
  /widget\/i18n\/(i18n|en|describe-error)\.ts/,
  /widget\/ui\/(basic-icons|draw-icon|button|badge|callout|empty|form|skeleton|spinner|app-icon|chip|tabs|trim-text)\.ts/,
  /widget\/marketplace\/flow-card\.ts/,
  /oxc/,
];

/** Directives of lit that the console's controls alone use. */
const CONSOLE_ONLY =
  /node_modules\/lit(-html)?\/.*(class-map|if-defined|style-map|directives\/live|unsafe-html|directives\/(when|map|range)|static)(-html)?\.js/;
/** What the console's chunks are known by: the widget's budgets are not theirs. */
const CONSOLE = /widget\/console\/|@codemirror|@lezer|@awesome\.me|uplot|markdown-it|\/yaml\//;

/** What almost every setup form needs: apart, a dozen small files would be asked for one after another, and compress worse. */
const FORM =
  /widget\/(fields\/(field-|options-|combobox-words|select-field|choice-field|toggle-field|timezone-field|account-field|text|number|pair-styles|secret)|ui\/(combobox|control|field-shell|filter-choices|switch|place-popover))/;

/** Builds the elements: `inlay.js` and `console.js` at fixed names, everything loaded on demand under `chunks/` by its hash; the release and its page beside. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: "widget/public",
  plugins: [minifyTemplates(), litWithoutGlobals(), withoutPreload(), releasePlugin(writeWidgetDocs)],
  // Lit's production build whatever NODE_ENV says: a test that starts the product sets another.
  resolve: { conditions: ["module", "browser", "production"] },
  build: {
    outDir: "dist/assets",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    sourcemap: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: { inlay: "widget/embed.ts", console: "widget/console/console.ts", setup: "widget/setup-page/setup-page.ts" },
      output: {
        format: "es",
        entryFileNames: "[name].js",
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => CONSOLE.test(id)) ? "chunks/console-[name]-[hash:7].js" : "chunks/[name]-[hash:7].js",
        codeSplitting: {
          groups: [
            { name: "core", test: (id: string) => CORE.some((pattern) => pattern.test(id)) && !CONSOLE_ONLY.test(id) },
            { name: "form", test: FORM },
            // What comes behind the first cards: alone, each compresses worse.
            { name: "stream", test: /widget\/(api\/stream|host\/focus-keeper|marketplace\/card-keys)/ },
            {
              name: "connect",
              test: /widget\/(accounts\/(run-connect|connect-|key-form|attempt)|ui\/(dialog|form-fields|stuck|focus-title))/,
            },
            {
              name: "setup-frame",
              test: /widget\/(setup\/(?!setup-element|upgrade-plan|rebase-form)|marketplace\/setup-frame|fields\/mapping)/,
            },
          ],
        },
        assetFileNames: "chunks/[name]-[hash][extname]",
      },
      preserveEntrySignatures: "strict",
    },
  },
});
