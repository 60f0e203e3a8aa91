// What going from one version of a flow to another changes, told from the two forms alone. Pure.
import type { FlowDetail, FormField } from "../../shared/api/flow.ts";
import { holdsValue } from "./form-values.ts";

export interface UpgradePlan {
  from: number;
  to: number;
  /** Names of blocks. */
  added: string[];
  removed: string[];
  /** What the newer form asks for in addition: fields by key with their labels, and account slots with the names of their apps. */
  asks: { key: string; label: string }[];
}

/** What an upgrade from `before` to `after` brings and asks. A field that has become another type is asked anew, as is one that is required now. */
export function planUpgrade(before: FlowDetail, after: FlowDetail): UpgradePlan {
  const old = new Map(fieldsOf(before).map((field) => [field.key, field]));
  const slots = new Map(before.accounts.map((slot) => [slot.key, slot]));
  const accounts = after.accounts
    .filter(({ key, app, optional }) => slots.get(key)?.app !== app || (slots.get(key)?.optional === true && !optional))
    .map(({ key, app }) => ({ key, label: after.apps.find((one) => one.key === app)?.name ?? app }));
  const fields = fieldsOf(after)
    .filter((field) => holdsValue(field) && isAsked(old.get(field.key), field))
    .map(({ key, label }) => ({ key, label: label ?? key }));
  return {
    ...{ from: before.version, to: after.version },
    added: namesBeyond(after, before),
    removed: namesBeyond(before, after),
    asks: [...accounts, ...fields],
  };
}

const fieldsOf = (flow: FlowDetail): FormField[] => flow.setup.pages.flatMap((page) => page.fields);

const isAsked = (old: FormField | undefined, field: FormField): boolean =>
  old === undefined || old.type !== field.type || (field.required && !old.required);

function namesBeyond(flow: FlowDetail, other: FlowDetail): string[] {
  const known = new Set(other.blocks.map(({ key }) => key));
  const tells = ({ trigger }: FlowDetail["blocks"][number]) => trigger.type !== "call" && trigger.type !== "lifecycle";
  return flow.blocks.filter((block) => !known.has(block.key) && tells(block)).map(({ name }) => name);
}
