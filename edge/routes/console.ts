import { Hono } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../http/app-env.ts";

/** The console's page: one element, which asks the API with the member's session. */
export const consolePage = new Hono<AppEnv>().get("/console", (c) => {
  c.header(
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
  return c.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Inlay console</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/console.css"><script type="module" src="/console.js"></script></head><body><inlay-console></inlay-console></body></html>`,
  );
});
