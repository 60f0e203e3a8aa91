import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { Field } from "../../shared/flow/field.ts";
import { ExpressionError, evaluateValue, isTrue } from "../engine/expression.ts";

/** The user as expressions see it. `id` is the host's own. */
export interface FormUser {
  id: string;
  org: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  attributes: Record<string, unknown>;
}

/** What was entered so far, and what the form's expressions may read besides. */
export interface FormInput {
  values: Record<string, unknown>;
  /** Account ids by slot. */
  accounts: Record<string, string>;
  user: FormUser;
  settings: Record<string, unknown>;
  /** Workspace variables. */
  env: Record<string, string>;
  /** Addresses of the integration's webhook blocks; empty before there is one. */
  hooks: Record<string, { url: string }>;
}

/** The scope of a form's expressions for these setup values. */
export const formScope = ({ user, settings, env, hooks }: FormInput, setup: Record<string, unknown>): Record<string, unknown> => ({
  setup,
  user: { id: user.id, org: user.org, name: user.name, email: user.email, locale: user.locale, attributes: user.attributes },
  settings,
  env,
  hooks,
});

/** `record[key]` where it is the record's own, never a prototype's. */
export const own = (record: Record<string, unknown>, key: string): unknown => (Object.hasOwn(record, key) ? record[key] : undefined);

/** The value of `template`, or undefined where it cannot be computed: a form goes on without it. */
export async function evaluateOr<T>(fallback: T, template: TemplateValue, scope: Record<string, unknown>): Promise<unknown> {
  try {
    return await evaluateValue(template, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return fallback;
    throw error;
  }
}

/** Whether a `when` lets its field or page show. One that cannot be computed shows, so that nothing is lost unseen. */
export const isShown = async (when: string | undefined, scope: Record<string, unknown>): Promise<boolean> =>
  when === undefined || isTrue(await evaluateOr(true, when, scope));

/** Whether the field must be filled in. */
export async function isRequired(field: Field, scope: Record<string, unknown>): Promise<boolean> {
  if (typeof field.required !== "string") return field.required === true;
  return isTrue(await evaluateOr(false, field.required, scope));
}
