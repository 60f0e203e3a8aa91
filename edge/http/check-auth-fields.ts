import type { FieldProblem } from "../../shared/api/problem.ts";
import type { Auth } from "../../shared/flow/app-file.ts";
import type { Field } from "../../shared/flow/field.ts";
import { checkField } from "../../shared/flow/field-rules.ts";
import { matchesPattern } from "../engine/matches-pattern.ts";
import { authFields, isSecretField } from "../providers/app/auth-fields.ts";

const MAX_VALUE = 10_000;

/** What a user entered, trimmed and with defaults; `problems` have paths `fields.KEY`. Values end up in headers: no controls in them. */
export function checkAuthFields(auth: Auth, given: Record<string, string>): { fields: Record<string, string>; problems: FieldProblem[] } {
  const known = authFields(auth);
  const problems: FieldProblem[] = [];
  const fields: Record<string, string> = {};
  for (const key of Object.keys(given))
    if (!known.some((field) => field.key === key))
      problems.push({ path: `fields.${key}`, code: "unknown", message: "There is no such field" });
  for (const field of known) {
    const entered = Object.hasOwn(given, field.key) ? given[field.key]?.trim() : undefined;
    const value = entered || (typeof field.default === "string" ? field.default : undefined);
    const fault =
      checkField({ ...field, type: field.type === "number" || field.type === "toggle" ? "text" : field.type }, value, matchesPattern) ??
      checkCharacters(field, value);
    if (fault) problems.push({ path: `fields.${field.key}`, ...fault });
    else if (value !== undefined) fields[field.key] = value;
  }
  return { fields, problems };
}

function checkCharacters(field: Field, value: string | undefined): Omit<FieldProblem, "path"> | undefined {
  if (value === undefined) return undefined;
  if (value.length > MAX_VALUE) return { code: "maxLength", message: "This is longer than 10,000 characters", params: { max: MAX_VALUE } };
  const isSecret = isSecretField(field);
  const isClean = [...value].every((c) => {
    const code = c.codePointAt(0) ?? 0;
    return code >= 32 && code !== 127 && (!isSecret || code < 127);
  });
  if (isClean) return undefined;
  const message = isSecret
    ? "This holds a line break or a character that keys do not have. Copy it again"
    : "This holds a line break or another hidden character";
  return { code: "character", message };
}
