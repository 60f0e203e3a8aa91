// Options that a block of the flow gives: the block is run here and now, reads only, and leaves no run behind.

import type { RunError } from "../../shared/api/run.ts";
import { slotsOfBlock } from "../engine/block-reach.ts";
import { checkInput } from "../engine/check-input.ts";
import { FlowPlan } from "../engine/compile-block.ts";
import type { Deps, EffectResult } from "../engine/deps.ts";
import { ExpressionError } from "../engine/expression.ts";
import { failure } from "../engine/flow-control.ts";
import type { Journal, JournalEntry } from "../engine/journal.ts";
import { OPTION_LIMITS } from "../engine/limits.ts";
import { isRecord } from "../engine/plain.ts";
import { type RunEnd, runBlock } from "../engine/run-block.ts";
import { performEffect } from "../objects/integration/perform-effect.ts";
import { formScope, own } from "../setup-form/form-scope.ts";
import type { OptionsContext } from "./ask-options.ts";
import { ProblemError } from "./problem.ts";
import { expired, resolveAccount } from "./resolve-account.ts";

/** One page of what a block gives: a list, or `{items, next}` where `next` comes back as `cursor`. */
export interface BlockPage {
  items: unknown[];
  next: string | undefined;
}

/**
 * Runs block `key` with `input` as its trigger, for 20 s and 30 calls at most. Throws ProblemError with `account_needed`, `account_expired`,
 * `app_failed`, `app_timeout`, `rate_limited`, or `invalid` where the input does not fit the block.
 */
export async function askBlock(context: OptionsContext, key: string, input: Record<string, unknown>): Promise<BlockPage> {
  const { flow, apps, input: form } = context;
  const accounts = accountsOf(context, key);
  const over = AbortSignal.timeout(OPTION_LIMITS.time);
  const config = { flow, apps, accounts, env: form.env };
  let calls = 0;
  let answer: { body?: unknown } | undefined;
  const deps: Deps = {
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (milliseconds) => sleep(milliseconds, over),
    after(milliseconds, work) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    perform: async (effect, { signal, ...rest }) => {
      if (effect.kind === "operation" && effect.type === "action") return refused("acts", "A block that gives options may only read");
      if (++calls > OPTION_LIMITS.calls) return refused("too_many_calls", `More than ${OPTION_LIMITS.calls} calls: ask for less`);
      return performEffect(context.env, { config }, effect, { ...rest, signal: AbortSignal.any([signal, over]) });
    },
    respond: (reply) => {
      answer = reply;
    },
    isSpent: () => false,
    isCanceled: () => over.aborted,
  };
  const journal = new MemoryJournal();
  const plan = new FlowPlan(flow);
  const trigger = checkTrigger(plan, key, input);
  const base = formScope(form, context.setup);
  const { end } = await runBlock(
    { run: `options:${crypto.randomUUID()}`, plan, block: key, trigger, base, state: {}, startedAt: Date.now() },
    journal,
    deps,
  );
  return readPage(answer && end.status === "succeeded" ? answer.body : outputOf(end, journal.last, context));
}

/** The chosen accounts that the block needs. Where one that is not optional lacks, the refusal names it. */
function accountsOf(context: OptionsContext, key: string): Record<string, string> {
  const accounts: Record<string, string> = {};
  for (const slot of slotsOfBlock(context.flow, key)) {
    const wanted = context.flow.accounts[slot];
    if (wanted?.optional && own(context.input.accounts, slot) === undefined) continue;
    accounts[slot] = resolveAccount(slot, context).account;
  }
  return accounts;
}

function checkTrigger(plan: FlowPlan, key: string, input: Record<string, unknown>): Record<string, unknown> {
  const checked = checkInput(compiled(plan, key)?.input ?? [], input);
  if (!checked.ok)
    throw new ProblemError("invalid", `These options cannot be asked for yet. ${checked.message}.`, { errors: checked.errors });
  return checked.values;
}

function compiled(plan: FlowPlan, key: string) {
  try {
    return plan.block(key);
  } catch (error) {
    if (error instanceof ExpressionError)
      throw new ProblemError("app_failed", `The block “${key}” cannot be run: ${error.message}.`, { why: { code: error.code } });
    throw error;
  }
}

function outputOf(end: RunEnd, last: JournalEntry | undefined, { apps, flow }: OptionsContext): unknown {
  const unanswered = (error: RunError) =>
    new ProblemError("app_failed", `These options could not be asked for: ${error.message}`, { why: whyOf(flow.name, error) });
  switch (end.status) {
    case "succeeded":
      return end.output;
    case "stopped":
      return [];
    case "failed":
      if (end.error.class === "rate_limit") throw new ProblemError("rate_limited", end.error.message, { retryAfter: 5 });
      if (end.error.class === "timeout") throw tooSlow();
      throw unanswered(end.error);
    case "waiting": {
      if (end.accounts) throw expired(Object.values(apps).find((app) => end.reason.startsWith(app.name))?.name ?? "The app");
      if (last?.error) throw unanswered(last.error);
      throw new ProblemError("rate_limited", `${end.reason}. Try again shortly.`, { retryAfter: (end.wakeAt - Date.now()) / 1_000 });
    }
    default:
      throw tooSlow();
  }
}

/** What a flow's own steps say is quoted as the flow's. */
const whyOf = (by: string, { code, message, params }: RunError) => ({
  code,
  params: params ?? (/^(failed_by_step|code_error)$/.test(code) ? { by, said: message } : {}),
});

const tooSlow = () => new ProblemError("app_timeout", "These options did not come in time. Try again.", { why: { code: "timeout" } });

function readPage(output: unknown): BlockPage {
  const list = isRecord(output) ? output.items : (output ?? []);
  if (!Array.isArray(list))
    throw new ProblemError("app_failed", "The block answered, but not with a list to choose from.", { why: { code: "no_list" } });
  const next = isRecord(output) && (typeof output.next === "string" || typeof output.next === "number") ? String(output.next) : "";
  return { items: list as unknown[], next: next || undefined };
}

function refused(code: string, message: string): EffectResult {
  const { error } = failure(code, message, "limit");
  return { kind: "failed", tasks: 0, error };
}

/** What a run without a row has done. */
class MemoryJournal implements Journal {
  last: JournalEntry | undefined;
  readonly #entries = new Map<string, JournalEntry>();

  get(path: string): JournalEntry | undefined {
    return this.#entries.get(path);
  }

  put(entry: JournalEntry): void {
    this.last = entry;
    this.#entries.set(entry.path, entry);
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
