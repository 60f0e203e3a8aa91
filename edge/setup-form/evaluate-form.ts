// What a form's expressions yield for the values entered so far. Fields may depend on each other in any order: showing is settled in rounds.
import type { FieldState, FormState } from "../../shared/api/flow.ts";
import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { Field, FieldType } from "../../shared/flow/field.ts";
import { DISPLAY_TYPES } from "../../shared/flow/field.ts";
import type { FlowFile, Page } from "../../shared/flow/flow-file.ts";
import { compileTemplate, ExpressionError, printValue, readsOf } from "../engine/expression.ts";
import { evaluateOr, type FormInput, formScope, isRequired, isShown, own } from "./form-scope.ts";

const ROUNDS = 6;
/** Items of a list whose conditions are told; a longer one shows the fields of the others. */
const MOST_ITEMS = 200;

/** A form whose showing is settled: what is shown, and the values that count, defaults filled in. */
export interface SettledForm {
  pages: Set<string>;
  fields: Set<string>;
  /** By field key: hidden fields are absent, account fields hold the account's id. */
  setup: Record<string, unknown>;
  /** Defaults by field key, of fields that are shown. */
  defaults: Record<string, unknown>;
}

/** Settles which pages and fields are shown, and which values count. */
export async function settleForm(flow: FlowFile, input: FormInput): Promise<SettledForm> {
  let form = await settleOnce(flow, input, everything(flow, input));
  for (let round = 1; round < ROUNDS; round++) {
    const next = await settleOnce(flow, input, form.setup);
    const isStable = sameSet(next.fields, form.fields) && JSON.stringify(next.setup) === JSON.stringify(form.setup);
    form = next;
    if (isStable) break;
  }
  return form;
}

/** The form's state for the widget. */
export async function evaluateForm(flow: FlowFile, input: FormInput): Promise<FormState> {
  return stateOf(flow, input, await settleForm(flow, input));
}

/** The state of a settled form. */
export async function stateOf(flow: FlowFile, input: FormInput, form: SettledForm): Promise<FormState> {
  const scope = formScope(input, form.setup);
  const state: FormState = { pages: {}, fields: {} };
  for (const page of flow.setup.pages) {
    state.pages[page.key] = { shown: form.pages.has(page.key) };
    for (const field of page.fields) {
      const shown = form.fields.has(field.key);
      state.fields[field.key] = shown ? await fieldState(field, scope, form, flow) : { shown };
    }
  }
  return state;
}

async function fieldState(field: Field, scope: Record<string, unknown>, form: SettledForm, flow: FlowFile): Promise<FieldState> {
  const fallback = own(form.defaults, field.key);
  const zone = field.type === "schedule" ? await zoneOf(flow, field.key, scope) : undefined;
  return {
    ...(await ownState(field, scope, own(form.setup, field.key))),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** The state of a field that is shown, by its expressions alone. */
async function ownState(field: Field, scope: Record<string, unknown>, held: unknown): Promise<FieldState> {
  const value = field.value === undefined ? undefined : await textOf(field.type, field.value, scope);
  const items = field.fields === undefined ? undefined : await itemStates(field.fields, field.type === "list" ? held : [held ?? {}], scope);
  return {
    shown: true,
    ...(DISPLAY_TYPES.has(field.type) ? {} : { required: await isRequired(field, scope) }),
    ...(value === undefined ? {} : { value }),
    ...(items === undefined ? {} : { items }),
  };
}

/** The states of the fields inside each item, which their expressions read as `item`. */
async function itemStates(fields: Field[], items: unknown, scope: Record<string, unknown>): Promise<NonNullable<FieldState["items"]>> {
  const states: NonNullable<FieldState["items"]> = [];
  for (const one of Array.isArray(items) ? items.slice(0, MOST_ITEMS) : []) {
    const item = one !== null && typeof one === "object" && !Array.isArray(one) ? (one as Record<string, unknown>) : {};
    const inner = { ...scope, item };
    const state: Record<string, FieldState> = {};
    for (const field of fields) {
      const shown = await isShown(field.when, inner);
      state[field.key] = shown ? await ownState(field, inner, own(item, field.key)) : { shown };
    }
    states.push(state);
  }
  return states;
}

/** The time zone of the block whose schedule the field `key` gives: the block's own, the user's, UTC, as the engine takes it. */
async function zoneOf(flow: FlowFile, key: string, scope: Record<string, unknown>): Promise<string | undefined> {
  const schedules = flow.blocks.flatMap(({ trigger }) => ("schedule" in trigger ? [trigger.schedule] : []));
  const schedule = schedules.find(({ cron }) => cron !== undefined && readsOf(cron).includes(`setup.${key}`));
  if (!schedule) return undefined;
  const own = await evaluateOr(undefined, schedule.timezone ?? "", scope);
  return printValue(own) || printValue(await evaluateOr(undefined, "{{ user.attributes.timezone }}", scope)) || "UTC";
}

/** All values as entered, as if everything were shown: where the first round starts. */
function everything(flow: FlowFile, input: FormInput): Record<string, unknown> {
  const setup: Record<string, unknown> = {};
  for (const field of flow.setup.pages.flatMap((page) => page.fields)) {
    const value = field.type === "account" ? own(input.accounts, field.key) : own(input.values, field.key);
    if (value !== undefined) setup[field.key] = value;
  }
  return setup;
}

async function settleOnce(flow: FlowFile, input: FormInput, setup: Record<string, unknown>): Promise<SettledForm> {
  const form: SettledForm = { pages: new Set(), fields: new Set(), setup: {}, defaults: {} };
  const scope = formScope(input, setup);
  for (const page of flow.setup.pages) if (await isShown(page.when, scope)) await settlePage(page, input, scope, form);
  return form;
}

async function settlePage(page: Page, input: FormInput, scope: Record<string, unknown>, form: SettledForm): Promise<void> {
  form.pages.add(page.key);
  for (const field of page.fields) {
    if (!(await isShown(field.when, scope))) continue;
    form.fields.add(field.key);
    if (DISPLAY_TYPES.has(field.type)) continue;
    if (field.default !== undefined) {
      const fallback = await evaluateOr(undefined, field.default, scope);
      if (fallback !== undefined && fallback !== null) form.defaults[field.key] = fallback;
    }
    const entered = field.type === "account" ? own(input.accounts, field.key) : own(input.values, field.key);
    const value = entered === undefined ? own(form.defaults, field.key) : entered;
    if (value !== undefined) form.setup[field.key] = value;
  }
}

const sameSet = (a: Set<string>, b: Set<string>) => a.size === b.size && [...a].every((one) => b.has(one));

/** The text of a field that only shows something; undefined while what it needs is not there yet. */
async function textOf(type: FieldType, template: string, scope: Record<string, unknown>): Promise<string | undefined> {
  if (type === "html") return evaluateHtml(template, scope);
  const value = await evaluateOr(undefined, template as TemplateValue, scope);
  return value === undefined || value === null ? undefined : printValue(value);
}

/** What expressions yield inside HTML is text, never markup: it may hold what a user or an app has written. */
async function evaluateHtml(template: string, scope: Record<string, unknown>): Promise<string> {
  const compiled = compileTemplate(template);
  if (compiled.kind === "literal") return template;
  const parts = compiled.kind === "text" ? compiled.parts : compiled.kind === "expression" ? [compiled.expression] : [];
  let html = "";
  for (const part of parts) html += typeof part === "string" ? part : escapeHtml(printValue(await evaluatePart(part, scope)));
  return html;
}

async function evaluatePart(
  part: { evaluate: (scope: Record<string, unknown>) => Promise<unknown> },
  scope: Record<string, unknown>,
): Promise<unknown> {
  try {
    return await part.evaluate(scope);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
