import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { openStream } from "../http/open-stream.ts";
import { requireUser } from "../http/require-user.ts";

/** Live changes. The stream ends with the user's token; who comes with an `age`, or again with `Last-Event-ID`, misses nothing that is still kept. */
export const stream = new Hono<AppEnv>().get(
  "/v1/stream",
  describe({
    tag: "Live",
    summary: "Live changes as server-sent events",
    description:
      "Events `run`, `integration`, `account` and `flow`; the data holds an object of that name. A comment every 15 s. `age` in the query: how long ago (ms) the caller began to read what the stream is to keep up to date; what has happened since comes first.",
    answers: { 200: null },
  }),
  requireUser,
  (c) => {
    const { workspace, ref, limit, expiresAt } = c.var.user;
    // Whoever came by a link hears what everybody may, such as another version of the flow, and nothing of the user's.
    return openStream(c, workspace, limit?.link ?? ref, expiresAt);
  },
);
