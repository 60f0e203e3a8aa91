import { Hono } from "hono";
import { Draft, DraftWrite } from "../../shared/api/draft.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { translateFlow } from "../../shared/flow/translations.ts";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { deleteDraft, findDraft, saveDraftBody } from "../db/drafts.ts";
import type { DraftBody } from "../db/schema.ts";
import { loadVariables } from "../db/settings.ts";
import type { Env } from "../env.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { describeOrNull, findSetup, formInput, type Setup, SetupQuery } from "../http/find-setup.ts";
import { requireUser, type TokenUser } from "../http/require-user.ts";
import { validate } from "../http/validate.ts";
import { wantedLocale } from "../http/wanted-locale.ts";
import { allFields } from "../setup-form/describe-form.ts";
import { evaluateForm } from "../setup-form/evaluate-form.ts";
import { fittingValues } from "../setup-form/fitting-values.ts";
import { maskValues, type StoredValues, sealValues } from "../setup-form/secret-values.ts";

const problems = ["not_found", "gone", "bad_request"] as const;

/** The user's unfinished setup of a flow. The form's state comes with it: the edge owns the form, the widget draws it. */
export const draft = new Hono<AppEnv>()
  .get(
    "/v1/flows/:flow/draft",
    describe({
      tag: "Setup",
      summary: "The unfinished setup, and the form's state for it",
      description: "Where nothing was stored yet, `savedAt` is null and the values are the integration's, or none.",
      answers: { 200: Draft },
      problems: [...problems],
    }),
    requireUser,
    validate("query", SetupQuery),
    async (c) => {
      const db = catalogue(c.env);
      const setup = await findSetup(db, c.var.user, c.req.param("flow"), c.req.valid("query"));
      const stored = await findDraft(db, c.var.user, keyOf(setup));
      const body = stored?.body ?? bodyOf(setup);
      return c.json(await toDraft(c.env, db, c.var.user, inWords(setup, wantedLocale(c)), body, stored?.updatedAt ?? null));
    },
  )
  .put(
    "/v1/flows/:flow/draft",
    describe({ tag: "Setup", summary: "Keep the unfinished setup", answers: { 200: Draft }, problems: [...problems, "invalid"] }),
    requireUser,
    validate("query", SetupQuery),
    validate("json", DraftWrite),
    async (c) => {
      const { integration, name, page, accounts, values } = c.req.valid("json");
      const user = c.var.user;
      const db = catalogue(c.env);
      const query = c.req.valid("query");
      const setup = await findSetup(db, user, c.req.param("flow"), { ...query, integration: query.integration ?? integration });
      const before = await findDraft(db, user, keyOf(setup));
      const sealed = await sealValues(c.env, user.workspace, setup.file, knownValues(setup.file, values), storedOf(setup, before?.body));
      const body: DraftBody = { accounts, ...sealed, ...(name === undefined ? {} : { name }), ...(page === undefined ? {} : { page }) };
      const now = Date.now();
      await saveDraftBody(db, user, keyOf(setup), body, now);
      return c.json(await toDraft(c.env, db, user, inWords(setup, wantedLocale(c)), body, now));
    },
  )
  .delete(
    "/v1/flows/:flow/draft",
    describe({ tag: "Setup", summary: "Forget the unfinished setup", answers: { 204: null } }),
    requireUser,
    validate("query", SetupQuery),
    async (c) => {
      await deleteDraft(catalogue(c.env), c.var.user, { flow: c.req.param("flow"), integration: c.req.valid("query").integration });
      return c.body(null, 204);
    },
  );

const inWords = (setup: Setup, locale: string | undefined): Setup => ({ ...setup, file: translateFlow(setup.file, locale) });

const keyOf = ({ key, integration }: Setup) => ({ flow: key, integration: integration?.row.id });

/** Where stored secrets may come from: the draft first, it is newer. */
const storedOf = ({ integration }: Setup, before: DraftBody | undefined): StoredValues[] =>
  [before, integration?.row].filter((one): one is DraftBody | NonNullable<typeof integration>["row"] => one !== undefined);

/** What a draft starts from. */
const bodyOf = ({ integration }: Setup): DraftBody =>
  integration
    ? {
        name: integration.row.name,
        accounts: integration.row.accounts,
        values: integration.row.values,
        secretFields: integration.row.secretFields,
      }
    : { accounts: {}, values: {}, secretFields: [] };

/** The values that the form has a field for. */
function knownValues(flow: FlowFile, values: Record<string, unknown>): Record<string, unknown> {
  const keys = new Set(allFields(flow).map((field) => field.key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));
}

async function toDraft(env: Env, db: Catalogue, user: TokenUser, setup: Setup, body: DraftBody, savedAt: number | null): Promise<Draft> {
  const { name, page, accounts } = body;
  const values = fittingValues(allFields(setup.file), maskValues(body), savedAt === null);
  const id = setup.integration?.row.id;
  const [variables, state] = await Promise.all([loadVariables(db, user.workspace), id === undefined ? null : describeOrNull(env, id)]);
  const form = await evaluateForm(setup.file, formInput(user, setup.file, { values, accounts }, variables, state));
  return {
    ...(id === undefined ? {} : { integration: id }),
    ...(name === undefined ? {} : { name }),
    ...(page === undefined ? {} : { page }),
    ...{ accounts, values, savedAt: savedAt === null ? null : new Date(savedAt).toISOString(), form },
  };
}
