// What the routes of runs share, whether a user asks or a member.
import { z } from "zod";
import { RunStatus } from "../../shared/api/run.ts";
import { Slot } from "../../shared/api/slot.ts";
import { catalogue } from "../db/catalogue.ts";
import { findOwner } from "../db/integrations.ts";
import type { Env } from "../env.ts";
import type { Accepted, Refusal, SlotFilter } from "../objects/integration/rpc.ts";
import { integrationOfRun } from "../objects/integration/rpc.ts";
import { paging, readCursor, writeCursor } from "./cursor.ts";
import { ProblemError, refusalProblem } from "./problem.ts";

/** `steps`: `nextSteps` of the page before. */
export const StepsFrom = z.object({ steps: z.coerce.number().int().min(0).max(1_000_000).default(0) });
export const StepPath = z.object({ path: z.string().min(1).max(2_000) });
/** `edited`: the retry is meant with another input. */
export const RepeatQuery = z.object({ from: z.string().max(2_000).optional(), edited: z.enum(["true", "false"]).optional() });
export const Time = z.iso.datetime({ offset: true });
export const RunQuery = z.object({
  status: RunStatus.optional(),
  block: z.string().max(64).optional(),
  from: Time.optional(),
  to: Time.optional(),
  ...paging,
});
export const SlotQuery = z.object({
  block: z.string().max(64).optional(),
  outcome: Slot.shape.outcome.optional(),
  from: Time.optional(),
  to: Time.optional(),
  ...paging,
});
export const Started = z.object({ run: z.string(), duplicate: z.boolean() });

export const noRun = () =>
  new ProblemError("not_found", "There is no such run. Runs are removed with their integration, and when they are old.");
const removedRun = () =>
  new ProblemError(
    "gone",
    "The integration of this run was removed, and with it the run's input, steps and output. The list of runs keeps its summary; the audit log says who removed the integration and when.",
  );
export const noStep = () => new ProblemError("not_found", "The run has not come to such a step. Give the `path` of one of its steps.");

/** A run that was started, as it is answered. Throws the refusal as a problem. */
export function started(result: Accepted | Refusal): z.infer<typeof Started> {
  if (!result.ok) throw refusalProblem(result);
  return { run: result.run, duplicate: result.duplicate };
}

/** Options of a retry without those that were not given. */
export const retryOptions = ({ from, input }: { from?: string | undefined; input?: unknown }) => ({
  ...(from === undefined ? {} : { from }),
  ...(input === undefined ? {} : { input }),
});

/** What a retry would repeat. Throws the refusal as a problem. The caller may read the run. */
export async function planRepeat(env: Env, run: string, { from, edited }: z.infer<typeof RepeatQuery>) {
  const object = env.INTEGRATIONS.getByName(integrationOfRun(run) ?? "");
  const planned = await object.planRepeat(run, retryOptions({ from, input: edited === "true" ? {} : undefined }));
  if (!planned.ok) throw refusalProblem(planned);
  return planned.plan;
}

/** The object that holds the run, where its integration is one of the workspace's. */
export async function findMemberRun(env: Env, workspace: string, run: string) {
  const integration = integrationOfRun(run);
  const owner = integration === undefined ? undefined : await findOwner(catalogue(env), integration);
  if (owner === undefined && (await env.LEDGERS.getByName(workspace).hasRun(run))) throw removedRun();
  if (integration === undefined || owner?.workspace !== workspace) throw noRun();
  return { object: env.INTEGRATIONS.getByName(integration), run };
}

const Position = z.tuple([z.number(), z.string()]);

/** A page of an integration's runs. The caller may read the integration. */
export async function answerRuns(env: Env, integration: string, { cursor, limit, ...filter }: z.infer<typeof RunQuery>) {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const list = ["runs", integration, ...given];
  const [after] = (await readCursor(list, cursor, z.tuple([z.string()]))) ?? [];
  const wanted = { ...Object.fromEntries(given), limit, ...(after === undefined ? {} : { cursor: after }) };
  const { items, nextCursor } = await env.INTEGRATIONS.getByName(integration).listRuns(wanted);
  return { items, nextCursor: nextCursor === null ? null : await writeCursor(list, [nextCursor]) };
}

/** A page of an integration's due times. The caller may read the integration. */
export async function answerSlots(env: Env, integration: string, { block, outcome, from, to, limit, cursor }: z.infer<typeof SlotQuery>) {
  const list = ["slots", integration, block ?? null, outcome ?? null, from ?? null, to ?? null];
  const after = await readCursor(list, cursor, Position);
  const filter: SlotFilter = {
    limit,
    ...(block === undefined ? {} : { block }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
    ...(after ? { after: { due: after[0], block: after[1] } } : {}),
  };
  const { items, nextCursor } = await env.INTEGRATIONS.getByName(integration).listSlots(filter);
  return { items, nextCursor: nextCursor === null ? null : await writeCursor(list, Position.parse(JSON.parse(nextCursor))) };
}
