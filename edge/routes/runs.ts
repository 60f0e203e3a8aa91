import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../shared/api/list.ts";
import { Run, RunDetail, RunRepeat, RunRetry, StepRun } from "../../shared/api/run.ts";
import { Slot } from "../../shared/api/slot.ts";
import { catalogue } from "../db/catalogue.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { jsonWithETag } from "../http/etag.ts";
import { findOwnIntegration } from "../http/find-setup.ts";
import { idempotent, idOfRequest } from "../http/idempotency.ts";
import { ProblemError } from "../http/problem.ts";
import { requireUser, type TokenUser } from "../http/require-user.ts";
import { noteRetries } from "../http/retry-runs.ts";
import {
  answerRuns,
  answerSlots,
  noRun,
  noStep,
  planRepeat,
  RepeatQuery,
  RunQuery,
  retryOptions,
  SlotQuery,
  Started,
  StepPath,
  StepsFrom,
  started,
} from "../http/run-requests.ts";
import { validate } from "../http/validate.ts";
import { integrationOfRun } from "../objects/integration/rpc.ts";

const RunNow = z.object({ input: z.json().optional() });
const tag = "Runs";

/** Runs of the user's integrations, and starting them by hand. */
export const runs = new Hono<AppEnv>()
  .get(
    "/v1/integrations/:id/runs",
    describe({
      tag,
      summary: "List an integration's runs, newest first",
      answers: { 200: listOf(Run) },
      problems: ["not_found", "bad_request"],
    }),
    requireUser,
    validate("query", RunQuery),
    async (c) => {
      const { row } = await findOwnIntegration(catalogue(c.env), c.var.user, c.req.param("id"));
      return c.json(await answerRuns(c.env, row.id, c.req.valid("query")));
    },
  )
  .post(
    "/v1/integrations/:id/blocks/:block/run",
    describe({
      tag,
      summary: "Run a block now",
      answers: { 202: Started },
      problems: ["not_found", "invalid", "disabled", "rate_limited"],
    }),
    requireUser,
    idempotent,
    validate("json", RunNow),
    async (c) => {
      const { row, file } = await findOwnIntegration(catalogue(c.env), c.var.user, c.req.param("id"));
      const block = c.req.param("block");
      if (!file.blocks.some(({ key }) => key === block)) throw new ProblemError("not_found", `The integration has no block “${block}”.`);
      return c.json(
        started(await c.env.INTEGRATIONS.getByName(row.id).runNow(block, c.req.valid("json").input, await idOfRequest(c, "now"))),
        202,
      );
    },
  )
  .get(
    "/v1/runs/:run",
    describe({
      tag,
      summary: "One run with its steps",
      description:
        "Of a run with many steps, `steps` begins with those from `?steps=` on; `truncated` ones are there without what went in and out.",
      answers: { 200: RunDetail, 304: null },
      problems: ["not_found", "bad_request"],
    }),
    requireUser,
    validate("query", StepsFrom),
    async (c) => {
      const { object, run } = await findOwnRun(c.env, c.var.user, c.req.param("run"));
      const found = await object.readRun(run, c.req.valid("query").steps);
      if (!found) throw noRun();
      return jsonWithETag(c, found);
    },
  )
  .get(
    "/v1/runs/:run/steps",
    describe({ tag, summary: "One step of a run, whole", answers: { 200: StepRun }, problems: ["not_found", "bad_request"] }),
    requireUser,
    validate("query", StepPath),
    async (c) => {
      const { object, run } = await findOwnRun(c.env, c.var.user, c.req.param("run"));
      const step = await object.readStep(run, c.req.valid("query").path);
      if (!step) throw noStep();
      return c.json(step);
    },
  )
  .get(
    "/v1/integrations/:id/slots",
    describe({
      tag,
      summary: "How the due times of schedules and polls ended, latest first",
      answers: { 200: listOf(Slot) },
      problems: ["not_found", "bad_request"],
    }),
    requireUser,
    validate("query", SlotQuery),
    async (c) => {
      const { row } = await findOwnIntegration(catalogue(c.env), c.var.user, c.req.param("id"));
      return c.json(await answerSlots(c.env, row.id, c.req.valid("query")));
    },
  )
  .get(
    "/v1/runs/:run/repeat",
    describe({
      tag,
      summary: "What a retry would repeat",
      description: "For `POST /v1/runs/{run}/retry` with the same `from`; `edited=true` where it comes with another `input`.",
      answers: { 200: RunRepeat },
      problems: ["not_found", "conflict", "invalid"],
    }),
    requireUser,
    validate("query", RepeatQuery),
    async (c) => {
      const { run } = await findOwnRun(c.env, c.var.user, c.req.param("run"));
      return c.json(await planRepeat(c.env, run, c.req.valid("query")));
    },
  )
  .post(
    "/v1/runs/:run/retry",
    describe({
      tag,
      summary: "Try a finished run again",
      description: "Steps before `from` keep what they did. `input` replaces the run's input.",
      answers: { 202: Started },
      problems: ["not_found", "conflict", "invalid"],
    }),
    requireUser,
    idempotent,
    validate("json", RunRetry),
    async (c) => {
      const { object, run } = await findOwnRun(c.env, c.var.user, c.req.param("run"));
      const again = started(await object.retryRun(run, retryOptions(c.req.valid("json"))));
      await noteRetries(c.env, c.var.user.workspace, [{ run, started: again.run }]);
      return c.json(again, 202);
    },
  )
  .post(
    "/v1/runs/:run/cancel",
    describe({ tag, summary: "Cancel a run", answers: { 200: Run }, problems: ["not_found"] }),
    requireUser,
    async (c) => {
      const { object, run } = await findOwnRun(c.env, c.var.user, c.req.param("run"));
      const canceled = await object.cancelRun(run);
      if (!canceled) throw noRun();
      return c.json(canceled);
    },
  );

/** The object that holds the run, where its integration is the user's. */
async function findOwnRun(env: AppEnv["Bindings"], user: TokenUser, run: string) {
  const integration = integrationOfRun(run);
  if (!integration) throw noRun();
  const { row } = await findOwnIntegration(catalogue(env), user, integration).catch((error: unknown) => {
    throw error instanceof ProblemError ? noRun() : error;
  });
  return { object: env.INTEGRATIONS.getByName(row.id), run };
}
