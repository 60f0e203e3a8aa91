// The flows that are measured, besides `orders-to-anywhere` itself.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const SETUP = `
instances: many
setup: { pages: [{ key: target, title: Where to, fields: [{ key: url, type: url, label: Endpoint, required: true }] }] }
`;
const flow = (key: string, blocks: string) => `inlay: 1\nkey: ${key}\nname: Bench ${key}\n${SETUP}blocks:\n${blocks}`;

export const ORDERS = readFileSync(join(import.meta.dirname, "../demo/catalogue/orders-to-anywhere.flow.yaml"), "utf8");

const pure = Array.from(
  { length: 10 },
  (_, i) => `      - { key: v${i}, value: { id: "{{ steps.order.id }}", total: "{{ steps.order.total + ${i} }}" } }`,
).join("\n");

/** Orders, with ten pure steps and a condition more. */
export const PURE = ORDERS.replace("key: orders-to-anywhere", "key: pure").replace(
  /^ {6}- key: large$/m,
  `${pure}\n      - { key: check, if: "{{ steps.v9.total > 0 }}", then: [{ key: yes, value: 1 }] }\n      - key: large`,
);

/** One call for each of 100 items, ten at a time. */
export const LOOP = flow(
  "loop",
  `  - key: received
    name: Received
    trigger: { webhook: {} }
    steps:
      - { key: each, for: "{{ [1..100] }}", as: n, concurrency: 10, do: [{ key: post, http: { method: POST, url: "{{ setup.url }}", body: { n: "{{ n }}" } } }] }
`,
);

/** Blocks that answer their caller, without and with a code step. */
export const ANSWER = (key: string, step: string) =>
  flow(
    key,
    `  - key: received
    name: Received
    trigger: { webhook: { respond: true } }
    steps:
      - ${step}
      - { key: answer, respond: { status: 202, body: "{{ steps.made }}" } }
`,
  );

export const TICK = flow(
  "tick",
  `  - key: tick
    name: Tick
    trigger: { schedule: { every: 10s } }
    steps: [{ key: post, http: { method: POST, url: "{{ setup.url }}", body: { dueAt: "{{ trigger.dueAt }}" } } }]
`,
);
