import { checkInput } from "../../../edge/engine/check-input.ts";
import { inputOf } from "../../../edge/engine/compile-block.ts";
import { evaluateValue, isTrue } from "../../../edge/engine/expression.ts";
import { isRecord } from "../../../edge/engine/plain.ts";
import type { FlowTest, TestRequest } from "../../../shared/flow/test-file.ts";
import { CommandError } from "../../edge-access.ts";
import type { LoadedTests } from "./load-tests.ts";
import type { TestWorld } from "./test-world.ts";

/** `trigger` of the run; undefined where the app's event is none that the trigger wants. Throws `CommandError` where the test does not fit the block. */
export async function testTrigger({ flow, apps }: LoadedTests, test: FlowTest, world: TestWorld): Promise<{ value: unknown } | undefined> {
  const { trigger } = world.block;
  if (test.request) return readRequest(test.request, { flow, apps }, world);
  const at = new Date(world.startedAt).toISOString();
  if ("schedule" in trigger) return { value: test.trigger ?? { dueAt: at, firedAt: at, missed: 0 } };
  if ("lifecycle" in trigger) return { value: test.trigger ?? { change: trigger.lifecycle } };
  if ("manual" in trigger || "call" in trigger) {
    const checked = checkInput(inputOf(trigger), isRecord(test.trigger) ? test.trigger : {});
    if (!checked.ok) throw new CommandError(`The block refuses the input: ${checked.message}`);
    return { value: checked.values };
  }
  if (test.trigger === undefined)
    throw new CommandError(`What starts the block “${world.block.key}”? Give a “trigger”, or a “request” from outside`);
  if ("event" in trigger && isRecord(test.trigger))
    return { value: { type: trigger.event, id: "evt_test", data: null, org: null, user: null, ...test.trigger } };
  return { value: test.trigger };
}

async function readRequest(
  request: TestRequest,
  { flow, apps }: Pick<LoadedTests, "flow" | "apps">,
  world: TestWorld,
): Promise<{ value: unknown } | undefined> {
  const { trigger } = world.block;
  const headers = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const call = {
    method: request.method ?? (request.body === undefined ? "GET" : "POST"),
    headers,
    query: request.query ?? {},
    body: request.body ?? null,
  };
  if ("webhook" in trigger) return { value: call };
  if ("api" in trigger) return { value: checkApi(call, trigger.api.input ?? []) };
  if (!("app_event" in trigger))
    throw new CommandError(`The block “${world.block.key}” is not started by a call from outside: give a “trigger”`);
  const [slot = "", name = ""] = trigger.app_event.split(".");
  const webhook = apps[flow.accounts[slot]?.app ?? ""]?.triggers[name]?.webhook;
  if (!webhook) throw new CommandError(`${trigger.app_event} comes by polling: give the item as “trigger”`);
  const input = await evaluateValue(trigger.with ?? {}, world.base);
  const scope = {
    ...world.base,
    ...call,
    input,
    hook: { url: `https://inlay.test/hooks/int_test/${world.block.key}/test` },
    subscription: null,
  };
  if (webhook.match !== undefined && !isTrue(await evaluateValue(webhook.match, scope))) return undefined;
  return { value: webhook.output === undefined ? call.body : await evaluateValue(webhook.output, scope) };
}

function checkApi(call: { method: string; query: Record<string, unknown>; body: unknown }, fields: ReturnType<typeof inputOf>): unknown {
  if (!fields.length) return call;
  const isQuery = ["GET", "DELETE", "HEAD"].includes(call.method);
  const checked = checkInput(fields, isQuery ? call.query : isRecord(call.body) ? call.body : {});
  if (!checked.ok) throw new CommandError(`The block refuses the call: ${checked.message}`);
  return isQuery ? { ...call, query: checked.values } : { ...call, body: checked.values };
}
