import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { type FileFacts, readFacts } from "./file-facts.ts";
import { allowedKeys, allowedValues, type Schema } from "./walk-schema.ts";
import { findYamlPlace, type YamlPlace } from "./yaml-place.ts";

/** An app of the workspace, as far as suggestions name its operations. */
export interface KnownApp {
  key: string;
  name: string;
  queries: string[];
  actions: string[];
  triggers: string[];
}

/** What suggestions are made of; read when they are asked for. */
export interface Knowledge {
  schema: Schema;
  apps: readonly KnownApp[];
  variables: readonly string[];
}

const SCOPE = ["trigger", "steps", "setup", "user", "settings", "state", "run", "hooks", "env", "item", "index"];
const FUNCTIONS = [
  "$sum",
  "$count",
  "$map",
  "$filter",
  "$lookup",
  "$string",
  "$number",
  "$lowercase",
  "$uppercase",
  "$trim",
  "$join",
  "$split",
  "$replace",
  "$contains",
  "$now",
  "$merge",
  "$keys",
  "$exists",
  "$toMillis",
  "$fromMillis",
  "$sort",
  "$distinct",
  "$round",
];

/** Suggests keys and values by the schema, accounts' operations by the workspace's apps, and names in expressions by the file itself. */
export const completeFile =
  (know: () => Knowledge | undefined): CompletionSource =>
  (context) => {
    const knowledge = know();
    if (!knowledge) return null;
    const text = context.state.doc.toString();
    const inside = expressionBefore(context);
    if (inside !== undefined) return completeExpression(inside, context.pos, readFacts(text), knowledge);
    const place = findYamlPlace(text, context.pos);
    if (!place) return null;
    if (place.kind === "key") return completeKey(place, context, knowledge.schema);
    return completeValue(place, context, readFacts(text), knowledge);
  };

/** What stands between `{{` and the cursor; undefined outside of expressions. */
function expressionBefore({ state, pos }: CompletionContext): string | undefined {
  const line = state.doc.lineAt(pos);
  const before = state.sliceDoc(line.from, pos);
  const start = before.lastIndexOf("{{");
  return start >= 0 && !before.slice(start).includes("}}") ? before.slice(start + 2) : undefined;
}

function completeExpression(inside: string, pos: number, facts: FileFacts, { variables }: Knowledge): CompletionResult | null {
  const word = /(?:(\w+)\.)?(\$?\w*)$/.exec(inside);
  if (!word) return null;
  const [, of, typed = ""] = word;
  const names: Record<string, readonly string[]> = {
    setup: facts.setup,
    steps: facts.steps,
    hooks: facts.blocks,
    settings: facts.settings,
    env: variables,
    user: ["id", "org", "name", "email", "locale", "attributes"],
  };
  const list = of === undefined ? [...SCOPE, ...FUNCTIONS] : (names[of] ?? []);
  if (!list.length) return null;
  const options = list.map(
    (label): Completion => ({ label, type: of ? "property" : "variable", ...(of === "hooks" ? { apply: `${label}.url` } : {}) }),
  );
  return { from: pos - typed.length, options, validFor: /^\$?\w*$/ };
}

function completeKey(place: YamlPlace, context: CompletionContext, schema: Schema): CompletionResult | null {
  if (/\s/.test(place.typed)) return null;
  if (!context.explicit && !place.typed && !place.isFlow && !/^\s*(-\s+)?$/.test(context.state.doc.lineAt(context.pos).text)) return null;
  const inner = "\n".padEnd(place.indent + 3);
  const ends = { map: place.isFlow ? ": { " : `:${inner}`, list: place.isFlow ? ": [" : `:${inner}- `, text: ": " };
  const options = allowedKeys(schema, place.path, place.siblings).map(
    ({ key, isRequired, holds, detail }): Completion => ({
      label: key,
      detail: isRequired ? `${detail} · required` : detail,
      apply: `${key}${ends[holds]}`,
      boost: isRequired ? 20 : key === "key" ? 10 : 0,
      type: "property",
    }),
  );
  return options.length ? { from: place.from, options, validFor: /^[\w-]*$/ } : null;
}

function completeValue(
  place: YamlPlace,
  context: CompletionContext,
  facts: FileFacts,
  { schema, apps }: Knowledge,
): CompletionResult | null {
  if (
    !context.explicit &&
    place.typed === "" &&
    !/[:[{,]\s*$/.test(context.state.sliceDoc(context.state.doc.lineAt(context.pos).from, context.pos))
  )
    return null;
  const operations = (kind: "queries" | "actions" | "triggers", by: "slot" | "app"): Completion[] =>
    by === "app"
      ? apps.flatMap((app) => app[kind].map((operation) => ({ label: `${app.key}.${operation}`, detail: app.name })))
      : Object.entries(facts.accounts).flatMap(([slot, key]) => {
          const app = apps.find((one) => one.key === key);
          return (app?.[kind] ?? []).map((operation) => ({ label: `${slot}.${operation}`, detail: app?.name ?? key }));
        });
  const last = place.path.at(-1);
  const above = place.path.at(-3);
  const special: Completion[] =
    last === "app" && above === "accounts"
      ? apps.map(({ key, name }) => ({ label: key, detail: name }))
      : last === "query"
        ? operations("queries", "slot")
        : last === "action"
          ? operations("actions", "slot")
          : last === "poll"
            ? operations("queries", "slot")
            : last === "app_event"
              ? operations("triggers", "slot")
              : last === "account"
                ? Object.keys(facts.accounts).map((label) => ({ label }))
                : last === "call"
                  ? facts.blocks.map((label) => ({ label }))
                  : [];
  const options = [...special, ...allowedValues(schema, place.path).map((label) => ({ label, type: "constant" }))];
  return options.length ? { from: place.from, options, validFor: /^[\w.-]*$/ } : null;
}
