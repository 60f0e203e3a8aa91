// A form whose integration was changed elsewhere meanwhile, in another tab or on another device. Loaded where that happens.
import type { Integration } from "../../shared/api/integration.ts";
import type { ApiClient } from "../api/client.ts";
import type { SetupEvent, SetupProblem, SetupState } from "./setup-machine.ts";

type Kept<T> = Readonly<Record<string, T>>;

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const own = <T>(record: Kept<T>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/** `theirs`, but for what differs in `mine` from `base`, which it began with. */
const merge = <T>(mine: Kept<T>, base: Kept<T>, theirs: Kept<T>): Kept<T> =>
  Object.fromEntries(
    Object.keys({ ...theirs, ...mine })
      .map((key) => [key, own(isSame(own(mine, key), own(base, key)) ? theirs : mine, key) as T] as const)
      .filter(([, value]) => value !== undefined),
  );

/** The form on the integration as it is now: what the user has changed here is kept. */
export const rebaseEntries = (state: SetupState, base: Integration, theirs: Integration): Extract<SetupEvent, { type: "rebased" }> => ({
  type: "rebased",
  entries: { values: merge(state.values, base.values, theirs.values), accounts: merge(state.accounts, base.accounts, theirs.accounts) },
  name: state.name === base.name ? theirs.name : state.name,
});

/**
 * The labels of the fields that hold something else in `theirs` than in `base`. A stored secret does not show whether it was replaced:
 * where the user is about to replace it, it counts as changed.
 */
export function changedFields(state: SetupState, base: Integration, theirs: Integration): string[] {
  const held = ({ values, accounts }: Integration, key: string) =>
    own(accounts, key) ?? own(values, key) ?? own(state.form.fields, key)?.default;
  const isHidden = (key: string) =>
    /"\$secret":true/.test(JSON.stringify(own(theirs.values, key)) ?? "") && !isSame(own(state.values, key), own(base.values, key));
  return state.pages
    .flatMap(({ fields }) => fields)
    .filter(({ key }) => isHidden(key) || !isSame(held(base, key), held(theirs, key)))
    .map(({ key, label = key }) => label);
}

export interface Rebased {
  /** The integration that the form began with, or was brought up to since. */
  base: Integration | undefined;
  readonly state: SetupState;
  readonly hasDraft: boolean;
  send(event: SetupEvent): void;
}

/** Brings `form` up to its integration as it is now. Resolves with what to tell, the labels of what has changed; undefined where nothing has. */
export async function rebaseForm(form: Rebased, client: ApiClient): Promise<SetupProblem | undefined> {
  const theirs = form.base && (await client.readIntegration(form.base.id));
  const { base, state, hasDraft } = form;
  if (!base || !theirs || theirs.updatedAt <= base.updatedAt) return undefined;
  form.base = theirs;
  // With what was told before and has not been noted yet.
  const told = state.problem?.code === "changed" ? state.problem.details : [];
  const details = changedFields(state, base, theirs);
  if (hasDraft || details.length > 0 || base.name !== theirs.name) form.send(rebaseEntries(state, base, theirs));
  return {
    code: "changed",
    message: "",
    retryable: true,
    details: details.length > 0 ? [...new Set([...(told ?? []), ...details])] : details,
  };
}
