// A dry run: reads only. Rows that would start a block come from the app, or are the examples of its file.
import type { Preview } from "../../shared/api/preview.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { Block } from "../../shared/flow/flow-file.ts";
import { ExpressionError, evaluateValue, readsOf } from "../engine/expression.ts";
import { type FieldPair, mapFields, pairsOf } from "../engine/map-fields.ts";
import { allFields, slotOf } from "../setup-form/describe-form.ts";
import { formScope, own } from "../setup-form/form-scope.ts";
import { callQuery, type OptionsContext, resolveQuery } from "./ask-options.ts";
import { ProblemError } from "./problem.ts";

const ROWS = 5;

type Shown = Pick<Preview["blocks"][number], "source" | "rows" | "problem" | "why">;
type Asked = { slot: string; query: string; with: Record<string, TemplateValue> | undefined; items: string | undefined; sample: unknown };

/** What the setup would do with the data that there is now. Faults of an app stand with its block. */
export async function previewBlocks(context: OptionsContext): Promise<Preview["blocks"]> {
  return Promise.all(
    context.flow.blocks.map(async (block) => {
      const asked = questionOf(block, context);
      const shown: Shown = asked ? await rowsOf(asked, context) : { source: "none", rows: [] };
      const mapped = await mapRows(shown.rows, asked?.slot, context);
      return { key: block.key, name: block.name, ...(asked ? { account: asked.slot } : {}), ...shown, mapped };
    }),
  );
}

/** The permissions that the flow asks for and an account was not given, where its provider tells what it gave. */
export function findMissingScopes({ flow, apps, known, input }: OptionsContext): FieldProblem[] {
  return Object.entries(flow.accounts).flatMap(([slot, { app: key, scopes: wanted }]) => {
    const app = apps[key];
    const account = known[input.accounts[slot] ?? ""];
    const auth = app?.auth.find((one) => one.key === account?.auth);
    if (!app || !account || auth?.type !== "oauth2" || !account.scopes.length) return [];
    const missing = (wanted ?? auth.scopes ?? []).filter((scope) => !account.scopes.includes(scope));
    if (!missing.length) return [];
    const message = `${app.name} was connected without ${missing.map((scope) => `“${scope}”`).join(", ")}. Connect it again and allow that.`;
    return [{ path: `accounts.${slot}`, code: "scope", message, params: { app: app.name, scopes: missing.join(", ") } }];
  });
}

async function rowsOf(asked: Asked, context: OptionsContext): Promise<Shown> {
  const examples: Shown = asked.sample === undefined ? { source: "none", rows: [] } : { source: "sample", rows: asList(asked.sample) };
  if (!asked.query) return examples;
  try {
    const question = resolveQuery(asked.query, context);
    const input = (await evaluateValue(asked.with ?? {}, formScope(context.input, context.setup))) as Record<string, unknown>;
    const { items } = await callQuery(context, { ...question, input }, undefined);
    const rows = asked.items === undefined ? items : asList(await evaluateValue(asked.items, { items, body: items }));
    return { source: "app", rows: rows.slice(0, ROWS) };
  } catch (error) {
    if (error instanceof ExpressionError) return { ...examples, problem: error.message, why: { code: "expression_failed" } };
    if (error instanceof ProblemError)
      return { ...examples, problem: error.message, ...(error.options.why ? { why: error.options.why } : {}) };
    throw error;
  }
}

/**
 * Which query gives the rows that the block works on, and the example to show where none can be asked: that of its trigger; for one that
 * starts by the clock or by hand, the first query of its steps, as far as it asks for nothing that only a run knows.
 */
function questionOf({ trigger, steps }: Block, { flow, apps }: OptionsContext): Asked | undefined {
  const appOf = (slot: string): AppFile | undefined => apps[flow.accounts[slot]?.app ?? ""];
  if ("poll" in trigger || "app_event" in trigger) {
    const operation = "poll" in trigger ? trigger.poll : trigger.app_event;
    const [slot = "", name = ""] = operation.split(".");
    const app = appOf(slot);
    if ("poll" in trigger) return { slot, query: operation, with: trigger.with, items: trigger.items, sample: app?.queries[name]?.sample };
    const event = app?.triggers[name];
    if (!event?.poll) return { slot, query: "", with: undefined, items: undefined, sample: event?.sample };
    return { slot, query: `${slot}.${event.poll.query}`, with: event.poll.with, items: event.poll.items, sample: event.sample };
  }
  if (!("schedule" in trigger || "manual" in trigger)) return undefined;
  const first = steps.find((step) => "query" in step);
  if (!first || !("query" in first)) return undefined;
  const [slot = "", name = ""] = first.query.split(".");
  return { slot, query: first.query, with: withoutRun(first.with ?? {}), items: undefined, sample: appOf(slot)?.queries[name]?.sample };
}

/** The inputs that do not depend on a run, its trigger or what the flow remembers: the first run has none of that either. */
const withoutRun = (input: Record<string, TemplateValue>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => readsOf(value).every((path) => !RUN_ONLY.has(path.split(".")[0] ?? ""))));
const RUN_ONLY = new Set(["state", "trigger", "steps", "run", "item", "index"]);

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, ROWS) : value === undefined ? [] : [value]);

/** What each mapping makes of rows that came from the account slot `slot`. */
async function mapRows(
  rows: unknown[],
  slot: string | undefined,
  { flow, setup }: OptionsContext,
): Promise<Preview["blocks"][number]["mapped"]> {
  const mapped: Preview["blocks"][number]["mapped"] = {};
  for (const field of allFields(flow)) {
    const pairs = field.type === "mapping" ? own(setup, field.key) : undefined;
    if (!Array.isArray(pairs) || !rows.length) continue;
    const from = field.from && !Array.isArray(field.from) ? slotOf(field.from) : undefined;
    if (from !== undefined && from !== slot) continue;
    mapped[field.key] = await Promise.all(rows.map((row) => mapRow(row, pairsOf(pairs))));
  }
  return mapped;
}

/** What cannot be computed from this row is null. */
async function mapRow(row: unknown, pairs: FieldPair[]): Promise<Record<string, unknown>> {
  const mapped: Record<string, unknown> = {};
  for (const pair of pairs) {
    const found = await mapFields([pair], row).catch((error: unknown) => {
      if (error instanceof ExpressionError) return {};
      throw error;
    });
    mapped[String(pair.to)] = own(found, String(pair.to)) ?? null;
  }
  return mapped;
}
