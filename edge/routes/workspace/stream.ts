import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { describe } from "../../http/describe.ts";
import { openStream } from "../../http/open-stream.ts";
import { requireMember } from "../../http/require-member.ts";
import { MEMBERS } from "../../objects/ledger/rpc.ts";

/** How long (ms) one connection lasts. Where somebody loses access, all of them end at once. */
const LIFE = 300_000;

/** Live changes of the whole workspace. */
export const workspaceStream = new Hono<AppEnv>().get(
  "/stream",
  describe({
    tag: "Live",
    summary: "Live changes of the workspace as server-sent events",
    description:
      "Events `run`, `integration`, `account` and `flow` as users get them, of all users; and `change`, with the `kind` of what somebody has changed. A comment every 15 s. A connection lasts five minutes at most: open another with `Last-Event-ID`.",
    security: "member",
    answers: { 200: null },
  }),
  requireMember("read"),
  (c) => openStream(c, c.var.member.workspace, MEMBERS, Date.now() + LIFE),
);
