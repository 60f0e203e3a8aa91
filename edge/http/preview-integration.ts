// A dry run: reads only. Rows that would start a block come from the app, or are the examples of its file.
import type { Preview } from "../../shared/api/preview.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { Block } from "../../shared/flow/flow-file.ts";
import { ExpressionError, evaluateValue } from "../engine/expression.ts";
import { allFields } from "../setup-form/describe-form.ts";
import { formScope, own } from "../setup-form/form-scope.ts";
import { callQuery, type OptionsContext, resolveQuery } from "./ask-options.ts";
import { ProblemError } from "./problem.ts";

const ROWS = 5;

type Shown = Pick<Preview["blocks"][number], "source" | "rows" | "problem">;
type Asked = { query: string; with: Record<string, TemplateValue> | undefined; items: string | undefined; sample: unknown };

/** What the setup would do with the data that there is now. Faults of an app stand with its block. */
export async function previewIntegration(context: OptionsContext): Promise<Preview> {
  const blocks: Preview["blocks"] = [];
  for (const block of context.flow.blocks) {
    const shown = await rowsOf(block, context);
    blocks.push({ key: block.key, name: block.name, ...shown, mapped: mapRows(shown.rows, context) });
  }
  return { blocks };
}

async function rowsOf(block: Block, context: OptionsContext): Promise<Shown> {
  const asked = questionOf(block, context);
  if (!asked) return { source: "none", rows: [] };
  const examples: Shown = asked.sample === undefined ? { source: "none", rows: [] } : { source: "sample", rows: asList(asked.sample) };
  if (!asked.query) return examples;
  try {
    const question = resolveQuery(asked.query, context);
    const input = (await evaluateValue(asked.with ?? {}, formScope(context.input, context.setup))) as Record<string, unknown>;
    const { items } = await callQuery(context, { ...question, input }, undefined);
    const rows = asked.items === undefined ? items : asList(await evaluateValue(asked.items, { items, body: items }));
    return { source: "app", rows: rows.slice(0, ROWS) };
  } catch (error) {
    if (error instanceof ProblemError || error instanceof ExpressionError) return { ...examples, problem: error.message };
    throw error;
  }
}

/** Which query gives the rows that start the block, and the example to show where none can be asked. */
function questionOf({ trigger }: Block, { flow, apps }: OptionsContext): Asked | undefined {
  const operation = "poll" in trigger ? trigger.poll : "app_event" in trigger ? trigger.app_event : undefined;
  if (operation === undefined) return undefined;
  const [slot = "", name = ""] = operation.split(".");
  const app: AppFile | undefined = apps[flow.accounts[slot]?.app ?? ""];
  if ("poll" in trigger) return { query: operation, with: trigger.with, items: trigger.items, sample: app?.queries[name]?.sample };
  const event = app?.triggers[name];
  if (!event?.poll) return { query: "", with: undefined, items: undefined, sample: event?.sample };
  return { query: `${slot}.${event.poll.query}`, with: event.poll.with, items: event.poll.items, sample: event.sample };
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, ROWS) : value === undefined ? [] : [value]);

function mapRows(rows: unknown[], { flow, setup }: OptionsContext): Preview["blocks"][number]["mapped"] {
  const mapped: Preview["blocks"][number]["mapped"] = {};
  for (const field of allFields(flow)) {
    const pairs = field.type === "mapping" ? own(setup, field.key) : undefined;
    if (!Array.isArray(pairs) || !rows.length) continue;
    mapped[field.key] = rows.map((row) => mapRow(row, pairs as { from?: unknown; to?: unknown }[]));
  }
  return mapped;
}

function mapRow(row: unknown, pairs: { from?: unknown; to?: unknown }[]): Record<string, unknown> {
  const source = row !== null && typeof row === "object" ? (row as Record<string, unknown>) : {};
  return Object.fromEntries(pairs.map(({ from, to }) => [String(to), own(source, String(from)) ?? null]));
}
