// Values of secret fields: sealed before they are stored, `{$secret: true}` whenever they are shown, never opened here.
import type { Field } from "../../shared/flow/field.ts";
import { isEmpty } from "../../shared/flow/field-rules.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Env } from "../env.ts";
import { sealSecret } from "../security/seal.ts";
import { allFields, isSecret } from "./describe-form.ts";
import { own } from "./form-scope.ts";

/** Values as they are stored: sealed text where `secretFields` names the key. */
export interface StoredValues {
  values: Record<string, unknown>;
  secretFields: string[];
}

const MARK = { $secret: true } as const;

/** Whether `value` stands for a secret that is stored already. */
export const isMark = (value: unknown): boolean =>
  value !== null && typeof value === "object" && Object.hasOwn(value, "$secret") && Object.keys(value).length === 1;

/** The name under which a setup field's secret is sealed, and opened when a run needs it. */
export const secretName = (field: string) => `setup/${field}`;

const secretFieldsOf = (flow: FlowFile): Field[] => allFields(flow).filter(isSecret);

/** Keys of secret fields that `values` leaves as they are stored in one of `stored`. */
export function keptSecrets(flow: FlowFile, values: Record<string, unknown>, stored: StoredValues[]): Set<string> {
  const isStored = (key: string) => stored.some((one) => one.secretFields.includes(key) && typeof own(one.values, key) === "string");
  return new Set(secretFieldsOf(flow).flatMap(({ key }) => (isMark(own(values, key)) && isStored(key) ? [key] : [])));
}

/** Seals what is new and takes over what is kept, from the first of `stored` that has it. A mark without a stored secret is dropped. */
export async function sealValues(
  env: Env,
  workspace: string,
  flow: FlowFile,
  values: Record<string, unknown>,
  stored: StoredValues[],
): Promise<StoredValues> {
  const sealed: StoredValues = { values: { ...values }, secretFields: [] };
  for (const { key } of secretFieldsOf(flow)) {
    const value = own(values, key);
    delete sealed.values[key];
    const text = isMark(value)
      ? stored.find((one) => one.secretFields.includes(key))?.values[key]
      : isEmpty(value)
        ? undefined
        : await sealSecret(env, workspace, secretName(key), typeof value === "string" ? value : JSON.stringify(value));
    if (typeof text !== "string") continue;
    sealed.values[key] = text;
    sealed.secretFields.push(key);
  }
  return sealed;
}

/** The values as they may be shown. */
export function maskValues({ values, secretFields }: StoredValues): Record<string, unknown> {
  const hidden = new Set(secretFields);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, hidden.has(key) ? MARK : value]));
}
