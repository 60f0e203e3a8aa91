import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import type { RunDetail } from "../../../shared/api/run.ts";
import { FlowFile } from "../../../shared/flow/flow-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { recordTest } from "./record.ts";
import { testFile } from "./test-flows.ts";

const FLOW = `inlay: 1
key: f
name: F
setup: { pages: [{ key: p, title: P, fields: [{ key: url, type: url }, { key: pass, type: secret }] }] }
blocks:
  - key: go
    name: Go
    trigger: { webhook: {} }
    steps:
      - { key: post, http: { method: POST, url: "{{ setup.url }}", body: { id: "{{ trigger.body.id }}" } } }
      - { key: check, http: { url: "https://b.test/{{ steps.post.body.ref }}" }, on_error: continue }
      - { key: done, value: "{{ steps.post.body.ref }}" }
`;
const TOKEN = ["ghp", "abcdefghijklmnopqrstuvwxyz0123456789"].join("_");

const step = (key: string, more: object) => ({
  ...{ key, path: key, type: "http", status: "succeeded", attempts: 1, tasks: 1 },
  ...{ startedAt: "2026-03-01T10:00:00.000Z", endedAt: "2026-03-01T10:00:01.000Z" },
  ...more,
});
const run = {
  id: "run_x",
  integration: "int_x",
  flow: "f",
  version: 3,
  block: "go",
  trigger: { type: "webhook" },
  status: "succeeded",
  tasks: 2,
  acceptedAt: "2026-03-01T10:00:00.000Z",
  startedAt: "2026-03-01T10:00:00.000Z",
  endedAt: "2026-03-01T10:00:02.000Z",
  input: { method: "POST", headers: { authorization: "•••", "x-note": TOKEN }, query: {}, body: { id: 7 } },
  output: "r1",
  steps: [
    step("post", {
      request: { method: "POST", url: "https://a.test/in", headers: {}, body: '{"id":7}' },
      response: {
        status: 200,
        headers: { "content-type": "application/json", "set-cookie": "•••" },
        body: `{"ref":"r1","access_token":"${TOKEN}"}`,
      },
      output: { status: 200, headers: {}, body: { ref: "r1" } },
    }),
    step("check", {
      status: "failed",
      attempts: 5,
      tasks: 5,
      error: { code: "network", message: "reset", class: "network", retryable: true },
      request: { method: "GET", url: "https://b.test/r1", headers: {} },
    }),
  ],
} as unknown as RunDetail;

it("a recorded run becomes a test that passes, and holds no credential", async () => {
  const flow = readFile(FLOW, FlowFile);
  if (!flow.ok) throw new Error(JSON.stringify(flow.faults));
  const user = { externalId: "ada", org: null, attributes: {} };
  const integration = { values: { url: "https://a.test/in", pass: { $secret: true } }, accounts: {} };
  const test = recordTest({ run, integration, user, variables: { UNREAD: "x" } }, flow.value, FLOW);
  expect(JSON.stringify(test)).not.toMatch(/ghp_|UNREAD|set-cookie/);
  expect(test).toMatchObject({ setup: { pass: "test-pass" }, answers: [{ step: "post" }, { step: "check", answer: { fault: "reset" } }] });

  const folder = mkdtempSync(join(tmpdir(), "inlay-record-"));
  try {
    writeFileSync(join(folder, "f.flow.yaml"), FLOW);
    writeFileSync(join(folder, "f.test.yaml"), stringify({ inlay: 1, tests: [test] }));
    const result = await testFile(join(folder, "f.test.yaml"), () => Promise.reject(new Error("no code here")));
    expect([...result.faults, ...result.tests.flatMap(({ faults }) => faults)]).toEqual([]);
    expect(result.tests).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
