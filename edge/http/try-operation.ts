// An operation of an app, tried once by a member with an account that they name: what went out, what came back, and what it makes of it.
import { and, eq } from "drizzle-orm";
import type { RunError } from "../../shared/api/run.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { accounts } from "../db/schema.ts";
import { loadVariables } from "../db/settings.ts";
import type { Env } from "../env.ts";
import { type Call, performOperation } from "../providers/app/perform.ts";
import { guardedFetch } from "../providers/http/guarded-fetch.ts";
import { ProblemError } from "./problem.ts";

export interface Trial {
  kind: "query" | "action";
  operation: string;
  /** `acc_…`; without it the call carries no credentials. */
  account?: string | undefined;
  input: Record<string, unknown>;
}

export interface Tried {
  ok: boolean;
  output: unknown;
  error: RunError | null;
  /** Requests and answers, credentials masked. */
  calls: Call[];
  /** A list goes on: only its first page was asked for. */
  more: boolean;
}

const TIMEOUT = 20_000;

/** Tries an operation; what the app refuses is an answer. Refuses with `not_found` where there is no such operation or account. */
export async function tryOperation(env: Env, workspace: string, app: AppFile, trial: Trial): Promise<Tried> {
  const { kind, operation, input, account } = trial;
  if (!Object.hasOwn(kind === "query" ? app.queries : app.actions, operation))
    throw new ProblemError("not_found", `${app.name} has no ${kind} “${operation}”.`);
  const db = catalogue(env);
  if (account !== undefined) await checkAccount(db, workspace, app, account);
  const done = await performOperation(
    app,
    kind,
    operation,
    input,
    {
      env: await loadVariables(db, workspace),
      accounts: account === undefined ? null : env.ACCOUNTS.getByName(account),
      effectKey: `try:${crypto.randomUUID()}`,
      signal: AbortSignal.timeout(TIMEOUT),
      now: () => Date.now(),
      fetch: guardedFetch(env),
    },
    { pages: 1 },
  );
  const { calls } = done;
  return done.ok
    ? { ok: true, output: done.output ?? null, error: null, calls, more: typeof done.nextCursor === "string" }
    : { ok: false, output: null, error: done.error, calls, more: false };
}

async function checkAccount(db: Catalogue, workspace: string, app: AppFile, id: string): Promise<void> {
  const [found] = await db
    .select({ app: accounts.app })
    .from(accounts)
    .where(and(eq(accounts.workspace, workspace), eq(accounts.id, id)));
  if (found?.app !== app.key) throw new ProblemError("not_found", `The workspace has no such account of ${app.name}.`);
}
