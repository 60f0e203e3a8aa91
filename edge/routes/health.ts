import { sql } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { catalogue } from "../db/catalogue.ts";
import { readOverdue } from "../db/overdue.ts";
import type { Env } from "../env.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { ProblemError } from "../http/problem.ts";

const Late = z.object({ count: z.number().int(), seconds: z.number().int() });
/** `overdue`: runs that should have gone on for more than a minute, and integrations whose next time has passed; the oldest in seconds. */
const Health = z.object({
  ...{ status: z.literal("ok"), database: z.literal("ok"), objects: z.literal("ok") },
  overdue: z.object({ runs: Late, timers: Late }),
});

/** 200 when the settings are there and the database and a durable object answer; 503 in words otherwise. */
export const health = new Hono<AppEnv>().get(
  "/health",
  describe({
    tag: "Service",
    summary: "Whether the service can do its work",
    answers: { 200: Health },
    problems: ["unavailable"],
    security: "none",
  }),
  async (c) => {
    const [database, objects] = await Promise.all([answers(readDatabase(c.env)), answers(c.env.LEDGERS.getByName("health").ping())]);
    const silent = [!database && "the database", !objects && "the durable objects"].filter(Boolean);
    if (silent.length) throw new ProblemError("unavailable", `No answer from ${silent.join(" and ")}.`, { retryAfter: 5 });
    const now = Date.now();
    const { runs, timers } = await readOverdue(catalogue(c.env), now);
    const late = ({ count, since }: { count: number; since: number | null }) => ({
      count,
      seconds: since === null ? 0 : Math.max(0, Math.round((now - since) / 1_000)),
    });
    const overdue = { runs: late(runs), timers: late(timers) };
    return c.json({ status: "ok", database: "ok", objects: "ok", overdue } satisfies z.infer<typeof Health>);
  },
);

const readDatabase = async (env: Env) => {
  await catalogue(env).run(sql`SELECT 1 FROM workspaces LIMIT 1`);
};

/** Whether `work` comes to a good end within 5 s. */
async function answers(work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), 5_000);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
