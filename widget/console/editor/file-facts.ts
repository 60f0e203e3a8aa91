import { parseDocument } from "yaml";

/** What a flow file says of itself, as far as it can be read: for suggestions. */
export interface FileFacts {
  /** Account slots and their apps. */
  accounts: Record<string, string>;
  setup: string[];
  steps: string[];
  blocks: string[];
  settings: string[];
  /** What it says to the members of the workspace, as Markdown. */
  docs: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const keyOf = (one: Record<string, unknown>): string[] => (typeof one.key === "string" ? [one.key] : []);

/** Reads what it can of a file that may be broken. */
export function readFacts(text: string): FileFacts {
  let file: unknown;
  try {
    file = parseDocument(text, { logLevel: "silent", uniqueKeys: false }).toJS({ maxAliasCount: 100 });
  } catch {
    file = undefined;
  }
  const root = isRecord(file) ? file : {};
  const accounts = isRecord(root.accounts) ? root.accounts : {};
  const pages = isRecord(root.setup) ? records(root.setup.pages) : [];
  const blocks = records(root.blocks);
  return {
    accounts: Object.fromEntries(
      Object.entries(accounts).flatMap(([slot, one]) => (isRecord(one) && typeof one.app === "string" ? [[slot, one.app]] : [])),
    ),
    setup: pages.flatMap((page) => records(page.fields).flatMap(keyOf)),
    steps: blocks.flatMap((block) => stepKeys(block)),
    blocks: blocks.flatMap(keyOf),
    settings: isRecord(root.settings) ? Object.keys(root.settings) : [],
    docs: typeof root.docs === "string" ? root.docs : "",
  };
}

/** Keys of the steps in a block, those inside conditions and loops too. */
function stepKeys(value: unknown, depth = 0): string[] {
  if (depth > 20) return [];
  if (Array.isArray(value)) return value.flatMap((one) => (isRecord(one) ? [...keyOf(one), ...stepKeys(one, depth + 1)] : []));
  if (!isRecord(value)) return [];
  return ["steps", "then", "else", "elseif", "do", "try", "catch", "finally", "on_failure", "parallel"].flatMap((name) => {
    const inside = value[name];
    return isRecord(inside) ? Object.values(inside).flatMap((one) => stepKeys(one, depth + 1)) : stepKeys(inside, depth + 1);
  });
}
