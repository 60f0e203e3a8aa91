import { and, eq } from "drizzle-orm";
import { Hono } from "hono";
import { catalogue } from "../db/catalogue.ts";
import { icons as table } from "../db/schema.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { ProblemError } from "../http/problem.ts";

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
    if (!row) throw new ProblemError("not_found", "There is no icon here.");
    const etag = `"${row.updatedAt.toString(36)}-${row.body.length.toString(36)}"`;
    const headers = {
      etag,
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "cache-control": "public, max-age=300, stale-while-revalidate=86400",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    };
    if (c.req.header("if-none-match")?.includes(etag)) return c.body(null, 304, headers);
    const [type = "", isBase64] = row.type.split(";base64");
    const body = isBase64 === undefined ? row.body : Uint8Array.from(atob(row.body), (char) => char.charCodeAt(0));
    return c.body(body, 200, { ...headers, "content-type": /^image\/[a-z0-9.+-]+$/.test(type) ? type : "application/octet-stream" });
  },
);
