// The workspace that fixtures are made of: every kind of run that a release can leave unfinished.

/** The app: two ways to sign in, a query to poll, an event to subscribe to. */
export const APP = `inlay: 1
key: crm
name: Crm
baseUrl: https://crm.test
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: CRM_ID, secret: CRM_SECRET } }
  - { key: key, type: api_key, name: X-Api-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries:
  me: { request: { path: /me } }
  list: { request: { path: /list }, output: "{{ body.items }}" }
actions:
  send:
    input: [{ key: note, type: text }]
    request: { method: POST, path: /send, body: { note: "{{ input.note }}" }, idempotency: Idempotency-Key }
    output: "{{ body }}"
triggers:
  changed:
    webhook:
      subscribe: { request: { method: POST, path: /hooks, body: { url: "{{ hook.url }}" } }, id: "{{ body.id }}" }
      unsubscribe: { request: { method: DELETE, path: "/hooks/{{ subscription.id }}" } }
      verify: { scheme: token, header: x-token, secret: "{{ hook.secret }}" }
      output: "{{ body }}"
`;

const call = (key: string, steps: string, more = "") => `  - key: ${key}
    name: ${key}
    trigger: { call: { input: [{ key: n, type: number }] } }
    ${more}
    steps:
${steps.replace(/^/gm, "      ")}
`;
const post = (key: string, path = key) =>
  `- { key: ${key}, http: { method: POST, url: "https://sink.test/${path}", body: { n: "{{ trigger.n }}" } } }`;

/** The flow: a block for each way in which a run can be unfinished, and one for each trigger that keeps something between runs. */
export const FLOW = `inlay: 1
key: released
name: Released
accounts: { crm: { app: crm } }
setup:
  pages:
    - { key: one, title: One, fields: [{ key: token, type: secret, label: Token, required: true }] }
blocks:
${call(
  "loop",
  `- key: each
  for: "{{ [1..4] }}"
  as: turn
  do:
    - { key: send, action: crm.send, with: { note: "turn {{ turn }}" } }
    - { key: kept, value: "{{ turn * 10 }}" }
- { key: out, value: "{{ steps.each }}" }`,
)}
${call("queue", `${post("hold", "hold/queue")}\n- { key: out, value: "{{ trigger.n }}" }`, "concurrency: 1")}
${call(
  "branch",
  `- key: both
  parallel:
    left:
      ${post("a")}
    right:
      ${post("b", "hold/right")}
- { key: out, value: done }`,
)}
${call(
  "tried",
  `- key: care
  try:
    - { key: bad, http: { method: POST, url: "https://sink.test/refuse", body: {} } }
  catch:
    ${post("mend", "hold/catch")}
  finally:
    ${post("tidy")}
- { key: out, value: mended }`,
)}
${call("later", `${post("a")}\n- { key: nap, wait: 1h }\n${post("b")}\n- { key: out, value: slept }`)}
${call(
  "approval",
  `${post("a")}
- { key: said, wait: { event: order.approved, match: "{{ event.data.id = trigger.n }}", timeout: 300d } }
${post("b")}
- { key: out, value: "{{ steps.said.data.by }}" }`,
)}
${call("held", `${post("a")}\n- { key: send, action: crm.send, with: { note: held } }\n${post("b")}\n- { key: out, value: let in }`)}
${call(
  "again",
  `- { key: send, retry: { attempts: 5, base: 1m }, http: { method: POST, url: "https://sink.test/busy", body: {} } }
- { key: out, value: answered }`,
)}
${call(
  "order",
  `${post("a")}\n- { key: nap, when: "{{ trigger.n < 10 }}", wait: 1h }\n${post("b")}\n- { key: out, value: "{{ trigger.n }}" }`,
  `order: fifo\n    partition: "{{ trigger.n % 2 }}"`,
)}
${call("calls", `- { key: inner, call: later, with: { n: "{{ trigger.n }}" } }\n- { key: out, value: "{{ steps.inner }}" }`)}
${call(
  "chance",
  `- key: draw
  code: "export default () => ({ n: Math.random(), at: Date.now() })"
- { key: nap, wait: 1h }
- { key: out, value: "{{ steps.draw }}" }`,
)}
${call("poison", `${post("hold", "hold/poison")}\n- { key: out, value: survived }`)}
${call("counts", `- { key: keep, set: { count: "{{ $number(state.count ? state.count : 0) + 1 }}" } }\n- { key: out, value: "{{ state.count }}" }`)}
${call("fails", `${post("a")}\n- { key: no, fail: "no more" }`)}
${call("stops", "- { key: enough, stop: enough }")}
  - key: tick
    name: Tick
    trigger: { schedule: { every: 10m } }
    missed: all
    steps: [{ key: out, value: "{{ trigger.dueAt }}" }]
  - key: fresh
    name: Fresh
    trigger: { poll: crm.list, every: 1h, id: "{{ item.id }}", first: new }
    steps: [{ key: out, value: "{{ trigger.id }}" }]
  - key: hook
    name: Hook
    trigger: { webhook: { verify: { scheme: token, header: x-token, secret: "{{ setup.token }}" }, dedupe: "{{ body.id }}" } }
    steps: [{ key: out, value: "{{ trigger.body.id }}" }]
  - key: changed
    name: Changed
    trigger: { app_event: crm.changed }
    steps: [{ key: out, value: "{{ trigger.id }}" }]
  - key: heard
    name: Heard
    trigger: { event: order.paid }
    steps:
      ${post("a", "heard")}
      - { key: out, value: "{{ trigger.id }}" }
`;
