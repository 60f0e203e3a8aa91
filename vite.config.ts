import { defineConfig } from "vite";

/** Builds the elements: `inlay.js` and `console.js` at fixed names, everything loaded on demand under `chunks/` by its hash. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: "widget/public",
  build: {
    outDir: "dist/assets",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    sourcemap: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: { inlay: "widget/embed.ts", console: "widget/console/console.ts" },
      output: {
        format: "es",
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: "chunks/[name]-[hash][extname]",
      },
      preserveEntrySignatures: "strict",
    },
  },
});
