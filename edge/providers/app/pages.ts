// Paged queries: page after page until the app says that there is none, or the file's or the caller's bound is met. Where neither sets a bound,
// what is too much fails: a list that is cut in silence looks whole.
import type { RunError } from "../../../shared/api/run.ts";
import type { AppFile, Operation, Paging } from "../../../shared/flow/app-file.ts";
import { evaluateValue } from "../../engine/expression.ts";
import { RUN_LIMITS } from "../../engine/limits.ts";
import { isRecord } from "../../engine/plain.ts";
import { type Called, type CallLog, callApp, SHORT_WAIT, sleep } from "./call.ts";
import type { PerformContext, PerformOptions } from "./perform.ts";
import { type RenderedRequest, renderRequest } from "./render-request.ts";

/** Once some pages are there, it is better to wait (ms) than to throw them away. */
const PATIENCE = 60_000;
const MAX_REPEATS = 5;

/** What the templates of an operation see besides the answer. */
export interface Scope extends Record<string, unknown> {
  env: Record<string, string>;
  input: Record<string, unknown>;
}

type Cursor = string | number | undefined;
type Failed = Extract<Called, { ok: false }>;
type Pages = { ok: true; output: unknown; nextCursor: string | null } | (Failed & { unfinished?: Unfinished });

/** The items of this try of a list that has more pages, how many pages were read in all, and the cursor to go on with. */
export interface Unfinished {
  items: unknown[];
  pages: number;
  cursor: string;
}

/** What earlier tries have read: so many pages with so many items. */
export interface ReadBefore {
  pages: number;
  count: number;
  items: () => unknown[];
}

/** Collects the items of all pages; `output` sees them as `items`, and the last page's answer beside them. */
export async function collectPages(
  app: AppFile,
  operation: Operation,
  page: Paging,
  scope: Scope,
  context: PerformContext,
  options: PerformOptions,
  log: CallLog,
): Promise<Pages> {
  const last = Math.min(page.max ?? Number.POSITIVE_INFINITY, options.pages ?? Number.POSITIVE_INFINITY);
  const { before } = options;
  const items: unknown[] = [];
  let cursor = firstCursor(page, options.cursor);
  /** That of the last page, where it is not the first of this try. */
  let former: Cursor;
  const first = (before?.pages ?? 0) + 1;
  for (let count = first; ; count++) {
    const called = await callPage(app, operation, page, cursor, scope, context, log, count > 1);
    if (!called.ok && count === 1) return called;
    if (!called.ok) {
      const error = unfinishedError(app, called.error, { pages: count - 1, items: (before?.count ?? 0) + items.length }, context);
      const isLeft = called.error.retryable || context.signal.aborted;
      return { ...called, error, ...(isLeft ? { unfinished: goOnFrom(page, items, count - 1, cursor, former) } : {}) };
    }
    const { answer, account } = called;
    const seen = { ...scope, ...answer, account };
    if (operation.missing?.status === answer.status && answer.status >= 300)
      return { ok: true, output: await evaluateValue(operation.missing.output, seen), nextCursor: null };
    const found = toList(await evaluateValue(page.items, seen));
    for (const item of found) items.push(item);
    if ((before?.count ?? 0) + items.length > RUN_LIMITS.items) return { ok: false, error: tooMany(app, "items") };
    const next = await nextCursor(page, cursor, found.length, seen);
    if (next !== undefined && next === cursor) return { ok: false, error: repeats(app) };
    if (next === undefined || count >= last) {
      const all = before ? [...before.items(), ...items] : items;
      return { ok: true, output: await outputOf(operation, all, seen), nextCursor: next === undefined ? null : String(next) };
    }
    if (count >= RUN_LIMITS.pages && last === Number.POSITIVE_INFINITY) return { ok: false, error: tooMany(app, "pages") };
    former = count === first ? undefined : cursor;
    cursor = next;
  }
}

/**
 * Where the next try goes on. Where pages are counted, the last one is read again: what is removed in between moves the others forward, out of
 * sight. Not where it is the only one of this try, which would get no further.
 */
function goOnFrom(page: Paging, items: unknown[], pages: number, cursor: Cursor, before: Cursor): Unfinished {
  const counts = page.offset !== undefined || page.number !== undefined;
  return counts && before !== undefined ? { items, pages: pages - 1, cursor: String(before) } : { items, pages, cursor: String(cursor) };
}

const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

async function outputOf(operation: Operation, items: unknown[], seen: Record<string, unknown>): Promise<unknown> {
  return operation.output === undefined ? items : evaluateValue(operation.output, { ...seen, items });
}

function firstCursor(page: Paging, given: string | undefined): Cursor {
  const counts = page.offset !== undefined || page.number !== undefined;
  if (given !== undefined && given !== "") return counts ? Number(given) || 0 : given;
  if (page.offset !== undefined) return 0;
  return page.number === undefined ? undefined : (page.first ?? 1);
}

async function nextCursor(page: Paging, cursor: Cursor, found: number, seen: Record<string, unknown>): Promise<Cursor> {
  if (page.next !== undefined) {
    const next = await evaluateValue(page.next, seen);
    return (typeof next === "string" && next !== "") || typeof next === "number" ? next : undefined;
  }
  const isLast = found === 0 || (page.size !== undefined && found < page.size);
  if (isLast || typeof cursor !== "number") return undefined;
  return page.offset === undefined ? cursor + 1 : cursor + (page.size ?? found);
}

async function callPage(
  app: AppFile,
  operation: Operation,
  page: Paging,
  cursor: Cursor,
  scope: Scope,
  context: PerformContext,
  log: CallLog,
  isUnderWay: boolean,
): Promise<Called> {
  const render = async (account: Record<string, string>) =>
    placeCursor(await renderRequest(app, operation.request, { ...scope, account }), page, cursor);
  const patience = isUnderWay ? PATIENCE : SHORT_WAIT;
  const plan = { name: app.name, render, rules: app.errors, scope, fine: operation.missing?.status, patience };
  for (let repeat = 1; ; repeat++) {
    const called = await callApp(plan, context, log);
    if (called.ok || !isUnderWay || repeat >= MAX_REPEATS || !called.error.retryable) return called;
    const delay = called.wait ? called.wait.until - context.now() : (called.retryAfter ?? 500 * 2 ** repeat);
    if (delay > PATIENCE || !(await sleep(delay, context.signal))) return called;
  }
}

/** Puts the cursor where `as` (`query.NAME`, `body.NAME`, `body.OUTER.NAME`), `offset` or `number` says; a cursor that is an address becomes the address. */
function placeCursor(request: RenderedRequest, page: Paging, cursor: Cursor): RenderedRequest {
  if (cursor === undefined) return request;
  const target = page.as ?? page.offset ?? page.number;
  if (target === undefined) return /^https?:\/\//.test(String(cursor)) ? { ...request, url: String(cursor), query: {} } : request;
  const [where, ...name] = target.split(".");
  const key = name.join(".");
  if (where !== "body") return { ...request, query: { ...request.query, [key || target]: cursor } };
  return { ...request, body: withMember(request.body, name, cursor) };
}

/** `body` with `value` at the place that `way` leads to. */
function withMember(body: unknown, [name = "", ...deeper]: readonly string[], value: unknown): Record<string, unknown> {
  const record = isRecord(body) ? body : {};
  return { ...record, [name]: deeper.length ? withMember(record[name], deeper, value) : value };
}

const tooMany = (app: AppFile, what: "items" | "pages"): RunError => ({
  code: `too_many_${what}`,
  message: `${app.name} has more than ${RUN_LIMITS[what].toLocaleString("en")} ${what} for this: narrow the query${what === "pages" ? ", or say in the app file how many are enough (max)" : ""}`,
  class: "too_large",
  retryable: false,
});

/** Why not all pages were read, in words where that is for want of time or of calls. */
function unfinishedError(
  app: AppFile,
  error: RunError,
  { pages, items }: { pages: number; items: number },
  { signal }: PerformContext,
): RunError {
  const isThrottled = error.code === "account_throttled";
  if (!isThrottled && !signal.aborted) return error;
  const read = `${pages} ${pages === 1 ? "page" : "pages"} (${items.toLocaleString("en")} items) of ${app.name} could be read, and there are more`;
  const reason = isThrottled ? "the account's budget of calls is used up" : "the time for it is up";
  const advice = "Narrow the query, ask for larger pages, or say in the app file how many pages are enough (max)";
  const also = isThrottled ? "; where the app allows more calls, raise its limits there" : "";
  return { ...error, code: "pages_unfinished", message: `${read}: ${reason}. ${advice}${also}` };
}

const repeats = (app: AppFile): RunError => ({
  code: "page_repeats",
  message: `${app.name} names the same page as the next one again and again`,
  class: "invalid",
  retryable: false,
});
