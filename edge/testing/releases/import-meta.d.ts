// What Vite makes of `import.meta.glob` in tests: the texts of files, by path.
interface ImportMeta {
  glob(pattern: string, options: { query: "?raw"; import: "default"; eager: true }): Record<string, string>;
}
