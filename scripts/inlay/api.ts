import { UsageError } from "./command.ts";
import { readJson } from "./json-input.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

interface Listed {
  items: unknown[];
  nextCursor: string | null;
}

/** Calls any route below `/v1/workspace` and prints its answer; with `all`, the items of all pages of a list. */
export async function callApi(
  access: WorkspaceAccess,
  given: string,
  address: string,
  { input, all }: { input?: string | undefined; all?: boolean | undefined },
): Promise<void> {
  const method = METHODS.find((one) => one === given.toUpperCase());
  if (!method) throw new UsageError(`The method is one of ${METHODS.join(", ")}.`);
  const path = `/${address.replace(/^\/?(?:v1\/workspace)?\/?/, "")}`;
  const data = await readJson(input);
  const body = data === undefined ? undefined : { text: JSON.stringify(data), type: "application/json" };
  if (all) return printAll(access, path);
  const { text } = await access.ask(method, path, body);
  console.log(pretty(text));
}

async function printAll(access: WorkspaceAccess, path: string): Promise<void> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
    const page: Listed = await access.json(path + next);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  console.log(JSON.stringify(items, null, 2));
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
