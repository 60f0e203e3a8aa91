import type { Field } from "../../../shared/flow/field.ts";
import { checkInput, type FormValues } from "../../engine/check-input.ts";
import { isRecord } from "../../engine/plain.ts";
import { findStartable, prepareRun, refuse } from "./accept.ts";
import type { Parts } from "./parts.ts";
import { readCall } from "./read-call.ts";
import type { IncomingRequest, Refusal } from "./rpc.ts";
import type { NewRun } from "./run-store.ts";

type Prepared = { ok: true; run: NewRun } | Refusal;

/** The run that a call of an api block starts. Inputs come from the query for GET and DELETE, else from the body: JSON, or a form's texts. */
export async function acceptApiCall(parts: Parts, key: string, request: IncomingRequest): Promise<Prepared> {
  const startable = await findStartable(parts, key);
  if (!startable.ok) return startable;
  const { trigger } = startable.block;
  if (!("api" in trigger)) return refuse(404, "not_found", "This block is not called by API");
  const { method = "ANY", input = [] } = trigger.api;
  const incoming = { ...request, method: request.method.toUpperCase() };
  if (method !== "ANY" && method !== incoming.method)
    return { ...refuse(405, "method_not_allowed", `Call this with ${method}`), allow: method };
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { authorization: _, cookie: __, ...rest } = headers;
  const read = readCall({ ...incoming, headers: rest });
  if (!read.ok) return read;
  const { call } = read;
  const isQuery = call.method === "GET" || call.method === "DELETE" || call.method === "HEAD";
  if (input.length === 0) return { ok: true, run: await prepareRun(parts, startable, call) };
  const given = isQuery ? call.query : (call.body ?? {});
  if (!isRecord(given)) return noFields();
  const isText = isQuery || rest["content-type"]?.toLowerCase().includes("form-urlencoded");
  const checked = checkInput(input, isText ? readTexts(input, given) : given);
  if (!checked.ok) return { ...refuse(422, "invalid", checked.message), errors: checked.errors };
  return {
    ok: true,
    run: await prepareRun(parts, startable, isQuery ? { ...call, query: checked.values } : { ...call, body: checked.values }),
  };
}

const noFields = () => refuse(422, "invalid", "The input has fields: send an object that has them");

/** Texts of a query or a form as the fields' types ask. */
function readTexts(fields: readonly Field[], given: FormValues): FormValues {
  const values = { ...given };
  for (const { key, type } of fields) {
    const text = given[key];
    if (typeof text !== "string") continue;
    if (type === "number" && text.trim() !== "" && Number.isFinite(Number(text))) values[key] = Number(text);
    if (type === "toggle" && (text === "true" || text === "false")) values[key] = text === "true";
  }
  return values;
}

/** The run that a member or a user starts by hand; `input` is the trigger of blocks that need one. */
export async function acceptNow(parts: Parts, key: string, input: unknown): Promise<Prepared> {
  const startable = await findStartable(parts, key);
  if (!startable.ok) return startable;
  const { trigger } = startable.block;
  const now = new Date(parts.now()).toISOString();
  if ("schedule" in trigger) return { ok: true, run: await prepareRun(parts, startable, { dueAt: now, firedAt: now, missed: 0 }) };
  if ("lifecycle" in trigger) return { ok: true, run: await prepareRun(parts, startable, input ?? { change: trigger.lifecycle }) };
  if ("manual" in trigger || "call" in trigger) {
    const fields = ("manual" in trigger ? trigger.manual.input : trigger.call.input) ?? [];
    const given = input ?? {};
    if (fields.length === 0) return { ok: true, run: await prepareRun(parts, startable, given) };
    if (!isRecord(given)) return noFields();
    const checked = checkInput(fields, given);
    if (!checked.ok) return { ...refuse(422, "invalid", checked.message), errors: checked.errors };
    return { ok: true, run: await prepareRun(parts, startable, checked.values) };
  }
  if (input === undefined || input === null)
    return refuse(422, "invalid", "This block is started by something from outside: give an “input” that stands for it");
  return { ok: true, run: await prepareRun(parts, startable, input) };
}
