import type { FormField } from "../../shared/api/flow.ts";
import type { I18n } from "../i18n/i18n.ts";
import type { FaultAt } from "../setup/form-values.ts";

const CHOSEN = new Set<FormField["type"]>(["select", "multiselect", "radio", "checkboxes", "timezone", "tree", "folder"]);

/** A fault in the user's language; the builder's or the edge's own words where there are some. */
export function faultWords(i18n: I18n, field: FormField, fault: FaultAt): string {
  const { code, message, params, say } = fault;
  if (say) return i18n.msg(say, params);
  if (field.validate?.message !== undefined && message === field.validate.message) return message;
  switch (code) {
    case "required":
      return i18n.msg(CHOSEN.has(field.type) ? "field.fault.choose" : "field.fault.required");
    case "account":
      return i18n.msg("field.fault.account");
    case "type":
      return typeWords(i18n, field) ?? i18n.msg("field.fault.pattern");
    case "min":
    case "max":
      return i18n.msg(`field.fault.${code}`, { limit: limitWords(i18n, field, params?.[code] ?? "") });
    case "minLength":
      return i18n.msg(field.type === "list" ? "field.fault.minItems" : "field.fault.minLength", { count: Number(params?.min ?? 0) });
    case "maxLength":
      return i18n.msg(field.type === "list" ? "field.fault.maxItems" : "field.fault.maxLength", { count: Number(params?.max ?? 0) });
    case "pattern":
    case "rule":
      // English is the edge's own; of a mapping, it says which of its expressions is wrong, and how.
      return /^en/.test(i18n.locale) || field.type === "mapping" ? message : (field.validate?.message ?? i18n.msg("field.fault.pattern"));
    case "option":
      return i18n.msg("field.fault.choose");
    case "json":
      return i18n.msg("field.json.at", params);
    case "unmapped":
      return params?.label === undefined ? message : i18n.msg("field.mapping.unmapped", { names: params.label });
    default:
      return message;
  }
}

/** A bound as the field shows its values. */
function limitWords(i18n: I18n, { type }: FormField, limit: string | number): string | number {
  if (type === "datetime") return i18n.dateTime(String(limit));
  return type === "date" ? i18n.dateTime(String(limit), { dateStyle: "medium", timeZone: "UTC" }) : limit;
}

function typeWords(i18n: I18n, { type }: FormField): string | undefined {
  switch (type) {
    case "duration":
      return i18n.msg("field.fault.number");
    case "number":
    case "email":
    case "url":
    case "date":
    case "time":
    case "datetime":
    case "json":
    case "schedule":
      return i18n.msg(`field.fault.${type}`);
    default:
      return undefined;
  }
}
