declare module "*.css?inline" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: vite offers a style's text so
  export default text;
}
