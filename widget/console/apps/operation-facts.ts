import { parse } from "yaml";

/** An operation as an app's file has it: enough to try it. */
export interface OperationFact {
  kind: "query" | "action";
  key: string;
  title: string;
  description: string;
  input: { key: string; label: string; type: string; required: boolean; initial: unknown }[];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const words = (value: unknown): string => (typeof value === "string" ? value : "");

/** "find_member" as "Find member". */
const humanize = (key: string): string => {
  const text = key.replace(/[_-]+/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Queries, then actions, in the file's order; none where it cannot be read. */
export function readOperations(source: string): OperationFact[] {
  let file: unknown;
  try {
    file = parse(source, { logLevel: "silent" });
  } catch {
    return [];
  }
  if (!isRecord(file)) return [];
  const { queries, actions } = file;
  return [...operationsOf("query", queries), ...operationsOf("action", actions)];
}

function operationsOf(kind: OperationFact["kind"], group: unknown): OperationFact[] {
  if (!isRecord(group)) return [];
  return Object.entries(group).map(([key, one]) => {
    const { title, description, input }: Record<string, unknown> = isRecord(one) ? one : {};
    const fields = Array.isArray(input) ? input.filter(isRecord) : [];
    return {
      ...{ kind, key, title: words(title) || humanize(key), description: words(description) },
      input: fields.map((field) => ({
        ...{ key: words(field.key), label: words(field.label), type: words(field.type) },
        ...{ required: field.required === true, initial: field.default },
      })),
    };
  });
}

const EMPTY: Record<string, unknown> = { number: 0, toggle: false, list: [], multiselect: [], checkboxes: [], object: {}, json: {} };

/** An input to begin with: what is required, empty, and what has a default. */
export const sampleInput = ({ input }: OperationFact): Record<string, unknown> =>
  Object.fromEntries(
    input
      .filter(({ required, initial }) => required || initial !== undefined)
      .map(({ key, type, initial }) => [key, initial ?? EMPTY[type] ?? ""]),
  );
