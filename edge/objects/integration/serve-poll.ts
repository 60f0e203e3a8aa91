import type { RunError, Why } from "../../../shared/api/run.ts";
import type { TemplateValue } from "../../../shared/flow/expression.ts";
import { type Clock, ExpressionError, evaluateValue, printValue } from "../../engine/expression.ts";
import { jsonSize } from "../../engine/json-size.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { isRecord } from "../../engine/plain.ts";
import { performOperation } from "../../providers/app/perform.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { hideSecrets } from "../../security/hide-secrets.ts";
import { hashToken } from "../../security/random-token.ts";
import { checkQuota, prepareRun, roomFor, type Startable, storeRuns } from "./accept.ts";
import { appTriggerOf } from "./accept-hook.ts";
import { boundKey } from "./bound-key.ts";
import { buildScope } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import { connectedOf, gateOf } from "./connected.ts";
import { keepPages, readKept } from "./kept-pages.ts";
import type { Parts } from "./parts.ts";
import type { Refusal } from "./rpc.ts";
import type { NewRun } from "./run-store.ts";

/**
 * `reading`: so many items were read so far, and nothing was started: the next poll goes on behind them. `runs` were started; `left` found no room, in the queue or the quota, and come with the next poll, `large` are more than a run takes and come no more.
 * `nameless` have no id, and start nothing. `retryAt` (ms since epoch): there is no room before, in the account's budget or in the queue.
 */
export type Polled =
  | { ok: true; runs: number; left: number; large: number; nameless: number; retryAt?: number }
  | { ok: true; reading: number; retryAt: number }
  | { ok: false; message: string; why: Why; retryAt?: number };

/** Until what found no room in the queue, or was not read to its end, is asked for again. */
const PAUSE = 15_000;

interface Poll {
  slot: string;
  query: string;
  with: Record<string, TemplateValue>;
  /** What an app's own trigger is given: `input` in its expressions. */
  input: Record<string, TemplateValue>;
  items?: string | undefined;
  id: string;
  cursor?: string | undefined;
  first: "all" | "new";
  output?: TemplateValue | undefined;
}

/** How long (ms) a poll may take with all its pages. */
const POLL_TIME = 60_000;

/**
 * Asks the app once, or goes on where the poll before had no time or calls left. Items whose id was not seen before become runs; their ids, the
 * cursor and the runs are committed together. The first poll of a source only takes note of what is there, unless the block says `first: all`.
 */
export async function servePoll(parts: Parts, startable: Startable): Promise<Polled> {
  const poll = readPoll(startable);
  const connected = poll ? connectedOf(startable.open, poll.slot) : "This block polls nothing";
  if (!poll || typeof connected === "string") return failed(fault(poll ? "account_missing" : "unknown_block", String(connected)));
  const abort = new AbortController();
  const cancel = parts.deadlines.after(POLL_TIME, () => abort.abort());
  try {
    const outer = { ...buildScope(startable.open, parts.hooks.list()), state: {} };
    const base = { ...outer, input: await evaluateValue(poll.input, outer) };
    const still = { ...outer, input: await evaluateValue(poll.input, outer, STILL) };
    const asked = JSON.stringify([connected.account, poll.query, await evaluateValue(poll.with, still, STILL)]);
    const source = await withoutSecrets(asked, startable.open);
    // As earlier releases stored it.
    const before = parts.polls.read(startable.block.key, source) ?? parts.polls.read(startable.block.key, asked);
    const scope = { ...base, state: parts.state.read(), cursor: before?.cursor };
    const kept = readKept(parts, startable, source);
    const begun = kept?.begun ?? parts.now();
    const input = kept ? kept.input : await evaluateValue(poll.with, scope, clockAt(begun));
    const options = kept ? { cursor: kept.cursor, before: kept } : {};
    const context = {
      env: startable.open.config.env,
      accounts: gateOf(parts.env, connected.account, startable.open.config.id),
      effectKey: `poll:${startable.open.config.id}:${startable.block.key}`,
      signal: abort.signal,
      now: () => parts.now(),
      fetch: guardedFetch(parts.env),
    };
    const performed = await performOperation(connected.app, "query", poll.query, isRecord(input) ? input : {}, context, options);
    if (performed.ok)
      return await takeItems(
        parts,
        startable,
        poll,
        { source, begun, isFirst: before === undefined },
        { ...scope, output: performed.output },
      );
    const { error, unfinished, wait, retryAfter = PAUSE } = performed;
    const isKept = unfinished !== undefined && keepPages(parts, startable, { source, input, begun }, kept, unfinished);
    if (!isKept && !error.retryable) parts.polls.forgetKept(startable.block.key);
    const goesOn = isKept && unfinished.pages > (kept?.pages ?? 0) && (error.code === "pages_unfinished" || error.class === "rate_limit");
    if (goesOn)
      return { ok: true, reading: (kept?.count ?? 0) + unfinished.items.length, retryAt: wait?.until ?? parts.now() + retryAfter };
    return { ...failed(error), ...(wait ? { retryAt: wait.until } : {}) };
  } catch (error) {
    if (error instanceof ExpressionError) return failed(fault(`expression_${error.code}`, `${error.message} in {{ ${error.expression} }}`));
    throw error;
  } finally {
    cancel();
  }
}

const clockAt = (time: number): Clock => ({ now: () => time, random: Math.random });
/** `asked` as it may lie in storage: a hash of it, where it names a secret of the form. */
const withoutSecrets = async (asked: string, { hidden }: OpenConfig) => (hideSecrets(asked, hidden) === asked ? asked : hashToken(asked));

/** What is asked for by the time of day is the same source at any time. */
const STILL: Clock = { now: () => 0, random: () => 0 };

const fault = (code: string, message: string): RunError => ({ code, message, class: "invalid", retryable: false });

const failed = (error: RunError) => ({ ok: false, message: error.message, why: { code: "unanswered", error } }) as const;

const isFull = ({ code, message }: Pick<Refusal, "code" | "message">) =>
  ({ ok: false, message, why: { code, params: { count: String(QUEUE_LIMITS.queued) } } }) as const;

async function takeItems(
  parts: Parts,
  startable: Startable,
  poll: Poll,
  { source, begun, isFirst }: { source: string; begun: number; isFirst: boolean },
  scope: Record<string, unknown> & { output: unknown },
): Promise<Polled> {
  const key = startable.block.key;
  const answer = { ...scope, body: scope.output, items: scope.output };
  const found = poll.items === undefined ? scope.output : await evaluateValue(poll.items, answer);
  if (!Array.isArray(found)) return failed(fault("no_list", "The poll's answer is no list: give “items” an expression that yields one"));
  const list: unknown[] = found;
  const items: { item: unknown; id: string }[] = [];
  for (const [index, item] of list.entries())
    items.push({ item, id: await boundKey(printValue(await evaluateValue(poll.id, { ...answer, item, index }))) });
  const nameless = items.filter(({ id }) => id === "").length;
  const fresh = newOnes(parts, key, items, isFirst);
  const starting = isFirst && poll.first === "new" ? [] : fresh;
  const refused = starting.length ? checkQuota(parts, startable.open.config, key) : undefined;
  if (refused) return isFull(refused);
  const room = roomFor(parts, startable.block);
  const isQueueFull = starting.length > parts.runs.room;
  const retry = isQueueFull ? { retryAt: parts.now() + PAUSE } : {};
  if (starting.length && !room)
    return { ...isFull({ code: "queue_full", message: `${QUEUE_LIMITS.queued} runs are waiting already` }), ...retry };
  const left = starting.slice(room);
  const runs: NewRun[] = [];
  let large = 0;
  for (const { item } of starting.slice(0, room)) {
    const input = poll.output === undefined ? item : await evaluateValue(poll.output, { ...answer, item });
    if (jsonSize(input, QUEUE_LIMITS.input) > QUEUE_LIMITS.input) large++;
    else runs.push(await prepareRun(parts, startable, input));
  }
  const last = list.at(-1);
  // What changes while the pages are read counts as new: the clock stands where they were begun.
  const cursor =
    poll.cursor === undefined || left.length
      ? undefined
      : await evaluateValue(poll.cursor, { ...answer, items: list, item: last }, clockAt(begun));
  return parts.transaction((): Polled => {
    const stored = storeRuns(parts, runs);
    if (!stored.ok) return isFull(stored);
    parts.polls.save(key, source, cursor ?? scope.cursor, isFirst);
    const waiting = new Set(left.map(({ id }) => id));
    for (const { id } of items) if (id !== "" && !waiting.has(id)) parts.polls.see(key, id, parts.now());
    parts.polls.trim(key);
    // What is left comes again with the last pages.
    if (!left.length) parts.polls.forgetKept(key);
    return { ok: true, runs: runs.length, left: left.length, large, nameless, ...(left.length ? retry : {}) };
  });
}

/** Those with an id that was not seen before, the first of each id. */
function newOnes<T extends { id: string }>(parts: Parts, block: string, items: readonly T[], isFirst: boolean): T[] {
  const known = new Set([""]);
  return items.filter(({ id }) => {
    if (known.has(id)) return false;
    known.add(id);
    return isFirst || !parts.polls.hasSeen(block, id);
  });
}

function readPoll({ open, block }: Startable): Poll | undefined {
  const { trigger } = block;
  const split = (ref: string) => ({ slot: ref.slice(0, ref.indexOf(".")), name: ref.slice(ref.indexOf(".") + 1) });
  if ("poll" in trigger) {
    const { slot, name } = split(trigger.poll);
    const { items, id, cursor, first } = trigger;
    return { slot, query: name, with: trigger.with ?? {}, input: {}, items, id, cursor, first: first ?? "new" };
  }
  if (!("app_event" in trigger)) return undefined;
  const poll = appTriggerOf({ open }, trigger.app_event)?.poll;
  if (!poll) return undefined;
  const { items, id, cursor, output } = poll;
  return {
    slot: split(trigger.app_event).slot,
    query: poll.query,
    with: { ...trigger.with, ...poll.with },
    input: trigger.with ?? {},
    items,
    id,
    cursor,
    first: "new",
    output,
  };
}
