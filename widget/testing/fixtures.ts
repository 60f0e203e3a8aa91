// For tests and for the examples of the reference page: what a workspace of the demo looks like to its user ada.
import type { Account } from "../../shared/api/account.ts";
import type { AppDetail, FlowDetail, FlowSummary, FormField } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { RunDetail } from "../../shared/api/run.ts";

/** A picture that needs no request. */
const icon = (colour: string) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="3" y="3" width="18" height="18" rx="5" fill="${colour}"/></svg>`)}`;

const secret = (key: string, label: string, help?: string): FormField => ({
  key,
  type: "secret",
  label,
  required: true,
  secret: true,
  ...(help && { help }),
});

export const PIPELINE: AppDetail = {
  key: "pipeline",
  name: "Pipeline",
  icon: icon("#2f6fed"),
  description: "A small CRM.",
  auth: [{ key: "oauth", type: "oauth2", label: "Sign in with Pipeline", fields: [] }],
};

export const POSTBOX: AppDetail = {
  key: "postbox",
  name: "Postbox",
  icon: icon("#e0592a"),
  description: "Newsletters.",
  auth: [{ key: "key", type: "api_key", label: "Use an API key", fields: [secret("key", "API key", "Postbox → Settings → API keys")] }],
};

/** An app that can be connected in two ways. */
export const PIPELINE_TWO_WAYS: AppDetail = {
  ...PIPELINE,
  auth: [...PIPELINE.auth, { key: "token", type: "bearer", label: "Use an access token", fields: [secret("token", "Access token")] }],
};

const app = ({ key, name, icon: picture }: AppDetail) => ({ key, name, icon: picture });

export const makeFlow = (key: string, name: string, more: Partial<FlowDetail> = {}): FlowDetail => ({
  key,
  name,
  description: "",
  icon: null,
  category: null,
  tags: [],
  version: 1,
  instances: "many",
  apps: [],
  accounts: [],
  installed: 0,
  setup: { pages: [] },
  blocks: [],
  appDetails: [],
  ...more,
});

export const CONTACTS = makeFlow("contacts-to-newsletter", "Contacts to newsletter", {
  description: "Keep a newsletter audience in step with your CRM.",
  category: "Marketing",
  tags: ["crm", "newsletter"],
  apps: [app(PIPELINE), app(POSTBOX)],
  accounts: [
    { key: "crm", app: "pipeline", optional: false },
    { key: "news", app: "postbox", optional: false },
  ],
  blocks: [
    { key: "changed", name: "A contact changed", trigger: { type: "app_event" } },
    { key: "nightly", name: "Full pass", trigger: { type: "schedule" } },
    { key: "map", name: "Map one contact", trigger: { type: "call" } },
  ],
  appDetails: [PIPELINE, POSTBOX],
});

export const ORDERS = makeFlow("orders-to-anywhere", "Orders to any endpoint", {
  description: "Post each paid order to a URL of your own.",
  category: "Automation",
  tags: ["orders", "webhook"],
  blocks: [
    { key: "received", name: "An order arrives by webhook", trigger: { type: "webhook" } },
    { key: "paid", name: "The host says that an order was paid", trigger: { type: "event" } },
  ],
});

export const FLOWS: FlowDetail[] = [
  CONTACTS,
  makeFlow("welcome-series", "Welcome series", {
    description: "Greet each new customer with a series of letters, and stop once they have answered.",
    category: "Marketing",
    tags: ["newsletter"],
    apps: [app(POSTBOX)],
  }),
  makeFlow("deals-from-invoices", "Deals from invoices", {
    description: "A paid invoice wins its deal.",
    category: "Sales",
    tags: ["crm", "orders"],
    apps: [app(PIPELINE)],
  }),
  ORDERS,
];

/** The list's shape of a flow. */
export function summaryOf({ setup: _setup, blocks: _blocks, appDetails: _apps, ...flow }: FlowDetail): FlowSummary {
  return flow;
}

export const makeAccount = (id: string, appKey: string, more: Partial<Account> = {}): Account => ({
  id,
  app: appKey,
  auth: appKey === "pipeline" ? "oauth" : "key",
  label: id,
  externalId: id,
  owner: "user",
  status: "connected",
  scopes: [],
  usedBy: [],
  createdAt: "2026-11-01T08:00:00Z",
  lastUsedAt: null,
  ...more,
});

export const makeRun = (id: string, more: Partial<RunDetail> = {}): RunDetail => ({
  id,
  integration: "int_contacts",
  flow: CONTACTS.key,
  version: 1,
  block: "changed",
  trigger: { type: "app_event" },
  status: "succeeded",
  tasks: 2,
  acceptedAt: "2026-11-20T08:00:00.000Z",
  startedAt: "2026-11-20T08:00:00.100Z",
  endedAt: "2026-11-20T08:00:01.300Z",
  input: { id: "c_1", email: "ada@example.com" },
  steps: [],
  ...more,
});

export const makeIntegration = (id: string, flow: FlowDetail, more: Partial<Integration> = {}): Integration => ({
  id,
  flow: flow.key,
  version: flow.version,
  name: flow.name,
  status: "enabled",
  accounts: {},
  values: {},
  blocks: flow.blocks,
  createdAt: "2026-11-01T08:00:00Z",
  updatedAt: "2026-11-01T08:00:00Z",
  ...more,
});

/** A token that nobody has signed. */
export const tokenFor = (sub: string, exp = 4_102_444_800): string => `e30.${btoa(JSON.stringify({ iss: "ws_1", sub, exp }))}.x`;
