import { and, eq } from "drizzle-orm";
import { type Context, Hono } from "hono";
import { CATALOGUE_ICONS } from "../catalogue/files.ts";
import { catalogue } from "../db/catalogue.ts";
import { icons as table } from "../db/schema.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { ProblemError } from "../http/problem.ts";

const HEADERS = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "cache-control": "public, max-age=300, stale-while-revalidate=86400",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
};

/** The mark of an app that comes with the product, which every workspace may name. */
function builtIn(c: Context<AppEnv>, path: string): Response {
  const svg = Object.hasOwn(CATALOGUE_ICONS, path) ? CATALOGUE_ICONS[path] : undefined;
  if (svg === undefined) throw new ProblemError("not_found", "There is no icon here.");
  return c.body(svg, 200, { ...HEADERS, "content-type": "image/svg+xml" });
}

/** The catalogue's icons. An SVG can hold script: opened by itself it runs nothing, loads nothing, and has no origin. */
export const icons = new Hono<AppEnv>().get(
  "/icons/:workspace/:path{.+}",
  describe({
    tag: "Marketplace",
    summary: "An icon of a flow or an app",
    answers: { 200: null, 304: null },
    problems: ["not_found"],
    security: "none",
  }),
  async (c) => {
    const [row] = await catalogue(c.env)
      .select()
      .from(table)
      .where(and(eq(table.workspace, c.req.param("workspace")), eq(table.path, c.req.param("path"))));
    if (!row) return builtIn(c, c.req.param("path"));
    const etag = `"${row.updatedAt.toString(36)}-${row.body.length.toString(36)}"`;
    const headers = { ...HEADERS, etag };
    if (c.req.header("if-none-match")?.includes(etag)) return c.body(null, 304, headers);
    const [type = "", isBase64] = row.type.split(";base64");
    const body = isBase64 === undefined ? row.body : Uint8Array.from(atob(row.body), (char) => char.charCodeAt(0));
    return c.body(body, 200, { ...headers, "content-type": /^image\/[a-z0-9.+-]+$/.test(type) ? type : "application/octet-stream" });
  },
);
