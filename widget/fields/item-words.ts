import type { FormField, Option } from "../../shared/api/flow.ts";
import { holdsValue, isSecret, own } from "../setup/form-values.ts";
import { type Item, type ItemState, isSubShown } from "./sub-fields.ts";

const MOST_WORDS = 3;

/** What an item of a list is about, by the first things entered in it: "City · is · Berlin". Empty for an empty item. Never a secret. */
export const itemWords = (fields: readonly FormField[], item: Item, state: ItemState): string =>
  fields
    .filter((field) => holdsValue(field) && !isSecret(field) && isSubShown(field, state))
    .map((field) => wordOf(field, own(item, field.key)))
    .filter((word) => word !== "")
    .slice(0, MOST_WORDS)
    .join(" · ");

function wordOf({ options }: FormField, value: unknown): string {
  const known = options?.items?.find((option: Option) => option.value === value)?.label;
  if (known !== undefined) return known;
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, 60) : "";
}
