// What an upgrade asks of whoever set an integration up, told from the two versions' files alone.
import type { UpgradeGroup } from "../../shared/api/workspace-flow.ts";
import { DISPLAY_TYPES, type Field } from "../../shared/flow/field.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";

type Asked = Omit<UpgradeGroup, "version" | "integrations">;

const fieldsOf = (flow: FlowFile): Map<string, { field: Field; page: string }> =>
  new Map(
    flow.setup.pages.flatMap((page) =>
      page.fields
        .filter(({ type }) => type !== "account" && !DISPLAY_TYPES.has(type))
        .map((field) => [field.key, { field, page: page.key }] as const),
    ),
  );

/** Whether whoever filled in the old field, or had none, must look at the new one. An expression may say so, and is counted. */
function asks({ required, default: standard, type }: Field, before: Field | undefined): boolean {
  if (!required || standard !== undefined) return false;
  return before === undefined || !before.required || before.type !== type;
}

const missing = (before: readonly string[], after: readonly string[]) => before.filter((key) => !after.includes(key));

/** What going from one version to another asks, and what it leaves behind. */
export function planUpgrade(from: FlowFile, to: FlowFile): Asked {
  const [before, after] = [fieldsOf(from), fieldsOf(to)];
  const fields = [...after.values()]
    .filter(({ field }) => asks(field, before.get(field.key)?.field))
    .map(({ field, page }) => ({ page, key: field.key, label: field.label ?? field.key, type: field.type }));
  const accounts = Object.entries(to.accounts).flatMap(([key, { app, optional }]) => {
    const old = Object.hasOwn(from.accounts, key) ? from.accounts[key] : undefined;
    const isCovered = old?.app === app && !(old.optional && !optional);
    return optional || isCovered ? [] : [{ key, app }];
  });
  const [oldBlocks, newBlocks] = [from.blocks.map(({ key }) => key), to.blocks.map(({ key }) => key)];
  return {
    ready: !fields.length && !accounts.length,
    fields,
    accounts,
    removedFields: missing([...before.keys()], [...after.keys()]),
    removedAccounts: missing(Object.keys(from.accounts), Object.keys(to.accounts)),
    addedBlocks: missing(newBlocks, oldBlocks),
    removedBlocks: missing(oldBlocks, newBlocks),
  };
}
