// `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): the same write sent twice is done once and answered twice.
import { and, eq, isNull, lt } from "drizzle-orm";
import type { Context, MiddlewareHandler } from "hono";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { idempotency } from "../db/schema.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

/** A key counts for this long (ms). */
export const KEY_LIFE = 86_400_000;
/** A first try that has not ended by then has died (ms). */
const IN_FLIGHT = 60_000;

interface Key {
  workspace: string;
  actor: string;
  key: string;
}

const which = ({ workspace, actor, key }: Key) =>
  and(eq(idempotency.workspace, workspace), eq(idempotency.actor, actor), eq(idempotency.key, key));

/**
 * Behind the route's sign-in. A key seen in the last 24 h with the same request gets the first answer again; with another request 422;
 * while the first is being done 409. Refusals are not kept: what was wrong may have been mended when the same write comes again.
 */
export const idempotent: MiddlewareHandler<AppEnv> = async (c, next) => {
  const header = c.req.header("idempotency-key");
  if (header === undefined) return next();
  if (!/^[\x21-\x7e]{1,255}$/.test(header))
    throw new ProblemError("bad_request", "Idempotency-Key holds 1 to 255 visible characters, such as a UUID.");
  const db = catalogue(c.env);
  const key = { ...actorOf(c), key: header };
  const requestHash = await hashOf(`${c.req.method} ${new URL(c.req.url).pathname}\n${await c.req.text()}`);
  const now = Date.now();
  if (!(await claim(db, key, requestHash, now))) {
    const replayed = await replay(db, key, requestHash);
    if (replayed) return replayed;
  }
  await next();
  const { status } = c.res;
  const body = status >= 400 ? "" : await c.res.clone().text();
  await noteOutcome(db, key, status, body).catch(() => noteOutcome(db, key, status, body).catch(() => undefined));
};

/** The write is done, or refused: where this cannot be noted, its answer stands all the same. */
async function noteOutcome(db: Catalogue, key: Key, status: number, body: string): Promise<void> {
  if (status >= 400) await db.delete(idempotency).where(which(key));
  else await db.update(idempotency).set({ status, body }).where(which(key));
}

/**
 * An id for what this request makes, where it has an `Idempotency-Key`: the same for the same request, so that a second try whose first
 * died half-way finds what that one left. It is good for as long as the key: see {@link KEY_LIFE}.
 */
export async function idOfRequest(c: Context<AppEnv>, prefix: "int" | "now"): Promise<string | undefined> {
  const header = c.req.header("idempotency-key");
  if (header === undefined) return undefined;
  const { workspace, actor } = actorOf(c);
  const hash = await hashOf(JSON.stringify([workspace, actor, header, c.req.method, new URL(c.req.url).pathname, await c.req.text()]));
  return `${prefix}_${BigInt(`0x${hash}`).toString(36).slice(-22)}`;
}

function actorOf(c: Context<AppEnv>): { workspace: string; actor: string } {
  const user = c.var.user as AppEnv["Variables"]["user"] | undefined;
  if (user) return { workspace: user.workspace, actor: user.ref };
  const { workspace, id } = c.var.member;
  return { workspace, actor: id };
}

/** Whether this request is the one to do the work: nobody has claimed the key, or whoever did has died or is a day old. */
async function claim(db: Catalogue, key: Key, requestHash: string, now: number): Promise<boolean> {
  await db.delete(idempotency).where(and(which(key), lt(idempotency.createdAt, now - KEY_LIFE)));
  await db
    .delete(idempotency)
    .where(
      and(which(key), isNull(idempotency.status), eq(idempotency.requestHash, requestHash), lt(idempotency.createdAt, now - IN_FLIGHT)),
    );
  const rows = await db
    .insert(idempotency)
    .values({ ...key, requestHash, status: null, body: null, createdAt: now })
    .onConflictDoNothing()
    .returning({ key: idempotency.key });
  return rows.length > 0;
}

async function replay(db: Catalogue, key: Key, requestHash: string): Promise<Response | undefined> {
  const [row] = await db.select().from(idempotency).where(which(key));
  if (!row) return undefined;
  if (row.requestHash !== requestHash)
    throw new ProblemError(
      "idempotency_mismatch",
      "This Idempotency-Key came with another request before. Use a new key for a new request.",
    );
  if (row.status === null)
    throw new ProblemError("conflict", "The first request with this Idempotency-Key is still being done. Try again shortly.", {
      retryAfter: 1,
    });
  return new Response(row.body || null, {
    status: row.status,
    headers: { "content-type": "application/json", "idempotency-replayed": "true" },
  });
}

async function hashOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
