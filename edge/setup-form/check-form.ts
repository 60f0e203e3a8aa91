// What the edge demands of a filled-in form before anything is stored. Hidden fields are dropped, not checked.
import type { Option } from "../../shared/api/flow.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import { DISPLAY_TYPES, type Field } from "../../shared/flow/field.ts";
import { checkField, type FieldFault, isEmpty } from "../../shared/flow/field-rules.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { matchesPattern } from "../engine/matches-pattern.ts";
import { checkAccounts, type KnownAccount } from "./check-accounts.ts";
import { checkValue } from "./check-value.ts";
import { allFields } from "./describe-form.ts";
import { settleForm } from "./evaluate-form.ts";
import { evaluateOr, type FormInput, formScope, isRequired, isShown, own } from "./form-scope.ts";
import { isMark } from "./secret-values.ts";

export interface FormCheck {
  /** The accounts that the user may use, by id. */
  known: Record<string, KnownAccount>;
  /** Names of the apps, by key. */
  appNames: Record<string, string>;
  /** Secret fields that keep what is stored already: their marks are passed on. */
  kept: ReadonlySet<string>;
  /** The right-hand options of a mapping, where they can be asked for. */
  targets: (field: Field, setup: Record<string, unknown>) => Promise<Option[] | undefined>;
}

export interface CheckedForm {
  problems: FieldProblem[];
  /** What is to be stored: shown fields alone, defaults filled in. */
  values: Record<string, unknown>;
  accounts: Record<string, string>;
}

/** Checks the whole form. Paths are `values.KEY` (`values.LIST.0.KEY` in lists) and `accounts.SLOT`. */
export async function checkForm(flow: FlowFile, input: FormInput, check: FormCheck): Promise<CheckedForm> {
  const form = await settleForm(flow, input);
  const scope = formScope(input, form.setup);
  const problems: FieldProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const field of allFields(flow)) {
    if (!form.fields.has(field.key) || field.type === "account" || DISPLAY_TYPES.has(field.type)) continue;
    const entered = own(form.setup, field.key);
    if (check.kept.has(field.key)) {
      values[field.key] = entered;
      continue;
    }
    const value = isMark(entered) ? undefined : entered;
    const found = await checkOne(field, value, `values.${field.key}`, scope);
    problems.push(...found);
    if (!found.length && field.type === "mapping") problems.push(...(await checkTargets(field, value, form.setup, check)));
    if (!isEmpty(value)) values[field.key] = value;
    else if (value !== undefined && own(form.defaults, field.key) !== undefined) values[field.key] = value;
  }
  const { accounts, problems: accountProblems } = await checkAccounts(flow, input, form, check);
  return { problems: [...accountProblems, ...problems], values, accounts };
}

/** A field, and the fields within it. */
async function checkOne(field: Field, value: unknown, path: string, scope: Record<string, unknown>): Promise<FieldProblem[]> {
  const required = await isRequired(field, scope);
  const fault = checkField({ ...field, required }, value, matchesPattern) ?? (isEmpty(value) ? undefined : checkValue(field, value));
  if (fault) return [toProblem(path, fault)];
  if (isEmpty(value)) return [];
  if (field.fields && field.type === "object") return checkWithin(field.fields, value, path, scope);
  if (field.fields && field.type === "list" && Array.isArray(value)) {
    const found: FieldProblem[] = [];
    for (const [index, item] of value.entries()) found.push(...(await checkWithin(field.fields, item, `${path}.${index}`, scope)));
    if (found.length) return found;
  }
  return checkRule(field, value, path, scope);
}

async function checkRule(field: Field, value: unknown, path: string, scope: Record<string, unknown>): Promise<FieldProblem[]> {
  const { rule, message } = field.validate ?? {};
  if (rule === undefined || (await evaluateOr(false, rule, { ...scope, value })) !== false) return [];
  return [{ path, code: "rule", message: message ?? "This is not accepted here" }];
}

async function checkWithin(fields: Field[], value: unknown, path: string, scope: Record<string, unknown>): Promise<FieldProblem[]> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [{ path, code: "type", message: "Fill in the fields" }];
  const item = value as Record<string, unknown>;
  const inner = { ...scope, item };
  const found: FieldProblem[] = [];
  for (const field of fields)
    if (!DISPLAY_TYPES.has(field.type) && (await isShown(field.when, inner)))
      found.push(...(await checkOne(field, own(item, field.key), `${path}.${field.key}`, inner)));
  return found;
}

async function checkTargets(field: Field, value: unknown, setup: Record<string, unknown>, check: FormCheck): Promise<FieldProblem[]> {
  const required = (await check.targets(field, setup))?.filter((target) => target.required) ?? [];
  if (!required.length) return [];
  const pairs = Array.isArray(value) ? (value as { from?: unknown; to?: unknown }[]) : [];
  const mapped = new Set(pairs.filter((pair) => !isEmpty(pair.from)).map((pair) => pair.to));
  return required
    .filter((target) => !mapped.has(target.value))
    .map((target) => ({
      path: `values.${field.key}`,
      code: "unmapped",
      message: `Choose what goes into “${target.label}”`,
      params: { target: String(target.value), label: target.label },
    }));
}

const toProblem = (path: string, { code, message, params }: FieldFault): FieldProblem => ({
  path,
  code,
  message,
  ...(params ? { params } : {}),
});
