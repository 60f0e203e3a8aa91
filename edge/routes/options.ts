import { Hono } from "hono";
import { Option, OptionsRequest } from "../../shared/api/flow.ts";
import { listOf } from "../../shared/api/list.ts";
import { Preview, PreviewRequest } from "../../shared/api/preview.ts";
import { catalogue } from "../db/catalogue.ts";
import type { AppEnv } from "../http/app-env.ts";
import { askOptions, findSource } from "../http/ask-options.ts";
import { describe } from "../http/describe.ts";
import { findSetup, formInput, loadSetupContext } from "../http/find-setup.ts";
import { previewSetup } from "../http/preview-setup.ts";
import { requireUser } from "../http/require-user.ts";
import { validate } from "../http/validate.ts";
import { settleForm } from "../setup-form/evaluate-form.ts";

/** What a form asks of apps while it is filled in: options of dynamic fields, and a dry run. */
export const options = new Hono<AppEnv>()
  .post(
    "/v1/flows/:flow/options",
    describe({
      tag: "Setup",
      summary: "Options of a dynamic field",
      description: "`field` is the field's key; for the sides of a mapping `KEY.from` and `KEY.to`.",
      answers: { 200: listOf(Option) },
      problems: ["not_found", "gone", "account_needed", "account_expired", "app_failed", "app_timeout", "rate_limited", "invalid"],
    }),
    requireUser,
    validate("json", OptionsRequest),
    async (c) => {
      const { field, integration, version, accounts, values, search, cursor } = c.req.valid("json");
      const user = c.var.user;
      const db = catalogue(c.env);
      const { file: flow } = await findSetup(db, user, c.req.param("flow"), { integration, version });
      const source = findSource(flow, field);
      const { apps, known, variables } = await loadSetupContext(db, user, flow);
      const input = formInput(user, flow, { values, accounts }, variables, null, known);
      const { setup } = await settleForm(flow, input);
      return c.json(await askOptions(source, { search, cursor }, { env: c.env, flow, apps, known, input, setup }));
    },
  )
  .post(
    "/v1/flows/:flow/preview",
    describe({
      tag: "Setup",
      summary: "Dry run of a form before it is saved",
      description:
        "Reads the rows that each block would work on now, shows what the mappings make of them, and names what is missing. Writes nothing.",
      answers: { 200: Preview },
      problems: ["not_found", "gone"],
    }),
    requireUser,
    validate("json", PreviewRequest),
    async (c) => {
      const { integration, version, ...filled } = c.req.valid("json");
      const db = catalogue(c.env);
      const setup = await findSetup(db, c.var.user, c.req.param("flow"), { integration, version });
      return c.json(await previewSetup(c.env, db, c.var.user, setup, filled));
    },
  );
