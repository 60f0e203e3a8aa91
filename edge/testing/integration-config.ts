// For tests: the configuration of an integration as the routes hand it to its object, and a fake outside for it to call.
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import type { IntegrationConfig } from "../objects/integration/rpc.ts";

let count = 0;

/** A configuration of `flow` (YAML of `blocks:` and whatever stands beside) with an id of its own. */
export function makeConfig(flow: string, more: Partial<IntegrationConfig> & { appFiles?: string[] } = {}): IntegrationConfig {
  const { appFiles = [], ...rest } = more;
  const read = readFile(`inlay: 1\nkey: test\nname: Test\n${flow}`, FlowFile);
  if (!read.ok) throw new Error(JSON.stringify(read.faults, null, 1));
  const apps = appFiles.map((source) => {
    const app = readFile(source, AppFile);
    if (!app.ok) throw new Error(JSON.stringify(app.faults, null, 1));
    return [app.value.key, app.value] as const;
  });
  return {
    id: `int_t${Date.now().toString(36)}${count++}`,
    workspace: "ws_test",
    user: { ref: "usr_1", id: "ada", org: "north", name: "Ada", email: null, locale: null, attributes: {} },
    name: "Test",
    version: 1,
    flow: read.value,
    apps: Object.fromEntries(apps),
    accounts: {},
    values: {},
    secretFields: [],
    env: {},
    publicUrl: "https://edge.test",
    enabled: true,
    ...rest,
  };
}

/** The object of a configuration, configured. */
export async function configured(config: IntegrationConfig) {
  const object = env.INTEGRATIONS.getByName(config.id);
  const state = await object.configure(config, "created");
  return { object, state };
}

/** A call that reached the fake outside. */
export interface OutsideCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Answers every call to the outside with `answer` (status and JSON body), and keeps the calls. */
export function fakeOutside(
  answer: (
    call: OutsideCall,
    index: number,
  ) => { status?: number; headers?: Record<string, string>; body?: unknown } | Promise<{ status?: number; body?: unknown }>,
) {
  const calls: OutsideCall[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    const text = await request.text();
    const call = {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: text ? JSON.parse(text) : null,
    };
    calls.push(call);
    const { status = 200, headers = {}, body = {} } = { headers: {}, ...(await answer(call, calls.length - 1)) };
    // 204 has no body: one would be no answer at all.
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  });
  return calls;
}

/** The run once it has ended (or waits, where `until` says so); fails after 10 s. */
export async function ended(
  object: { readRun(run: string): Promise<unknown> },
  run: string,
  until: string[] = ["succeeded", "failed", "stopped", "canceled"],
) {
  for (let i = 0; i < 500; i++) {
    const detail = (await object.readRun(run)) as import("../../shared/api/run.ts").RunDetail | null;
    if (detail && until.includes(detail.status)) return detail;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`run ${run} is ${JSON.stringify(await object.readRun(run))}`);
}
