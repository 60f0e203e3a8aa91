import { readFile } from "node:fs/promises";
import { Hono } from "hono";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Serves the files of the given folders (the first that has one wins) at `/assets/NAME`, read anew each time, so that an edit shows at once. */
export function publicFiles(...folders: URL[]): Hono {
  return new Hono().get("/assets/:file{[a-z-]+\\.(css|js|svg)}", async (c) => {
    const file = c.req.param("file");
    for (const folder of folders) {
      const content = await readFile(new URL(file, folder)).catch(() => undefined);
      const type = TYPES[file.slice(file.lastIndexOf(".") + 1)];
      if (content && type) return c.body(new Uint8Array(content), 200, { "Content-Type": type, "Cache-Control": "no-cache" });
    }
    return c.notFound();
  });
}
