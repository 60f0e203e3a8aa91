import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { requireUser } from "../http/require-user.ts";
import { STREAM_EXPIRES, STREAM_USER } from "../objects/ledger/rpc.ts";

/** Live changes. The stream ends with the user's token; who reconnects with `Last-Event-ID` misses nothing that is still kept. */
export const stream = new Hono<AppEnv>().get(
  "/v1/stream",
  describe({
    tag: "Live",
    summary: "Live changes as server-sent events",
    description: "Events `run`, `integration`, `account` and `flow`; the data holds an object of that name. A comment every 15 s.",
    answers: { 200: null },
  }),
  requireUser,
  async (c) => {
    const { workspace, ref, expiresAt } = c.var.user;
    const headers = new Headers({ [STREAM_USER]: ref, [STREAM_EXPIRES]: String(expiresAt) });
    const resume = c.req.header("last-event-id");
    if (resume !== undefined) headers.set("last-event-id", resume);
    const opened = await c.env.LEDGERS.getByName(workspace).fetch(new Request("https://ledger/stream", { headers }));
    return new Response(opened.body, opened);
  },
);
