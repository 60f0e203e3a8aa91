// For tests and for the examples of the reference page: what a setup form asks of an edge, with the rules of "Contacts to newsletter" written out by hand.
import type { Account } from "../../shared/api/account.ts";
import type { DraftWrite } from "../../shared/api/draft.ts";
import type { FlowDetail, FormField, FormState, Option, OptionsRequest } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { FakeEdge } from "./fake-edge.ts";

export const field = (key: string, type: FormField["type"], more: Partial<FormField> = {}): FormField => ({
  key,
  type,
  required: false,
  secret: false,
  ...more,
});

const PIPELINE = { key: "pipeline", name: "Pipeline", icon: null };
const POSTBOX = { key: "postbox", name: "Postbox", icon: null };

/** "Contacts to newsletter" of the examples, as the edge describes it. */
export const CONTACTS: FlowDetail = {
  ...{ key: "contacts-to-newsletter", name: "Contacts to newsletter", description: "Keep an audience in step.", icon: null },
  ...{ category: "Marketing", tags: ["crm"], version: 1, instances: "many" as const, apps: [PIPELINE, POSTBOX], installed: 0 },
  accounts: [
    { key: "crm", app: "pipeline", optional: false },
    { key: "news", app: "postbox", optional: false },
  ],
  setup: {
    pages: [
      {
        key: "connect",
        title: "Connect your apps",
        fields: [
          field("crm", "account", { required: true, app: "pipeline" }),
          field("news", "account", { required: true, app: "postbox" }),
        ],
      },
      {
        key: "audience",
        title: "Choose what goes where",
        description: "Contacts of your CRM become members of the audience that you choose.",
        fields: [
          field("audience", "select", {
            label: "Audience",
            help: "New contacts are added here.",
            required: true,
            options: { reads: ["news"], account: "news" },
          }),
          field("only_tagged", "toggle", { label: "Only contacts with certain tags" }),
          field("tags", "multiselect", { label: "Tags", required: true, options: { reads: ["crm"], account: "crm" } }),
          field("fields", "mapping", {
            label: "Which fields to copy",
            from: { reads: ["crm"], account: "crm" },
            to: { reads: ["news", "audience"], account: "news" },
          }),
        ],
      },
      {
        key: "rhythm",
        title: "When",
        fields: [
          field("nightly", "toggle", { label: "Also run a full pass every night" }),
          field("timezone", "timezone", { label: "Time zone" }),
          field("confirm", "radio", {
            label: "New members",
            options: {
              items: [
                { value: "subscribed", label: "are added at once" },
                { value: "pending", label: "must confirm first" },
              ],
            },
          }),
        ],
      },
    ],
  },
  blocks: [{ key: "changed", name: "A contact changed", trigger: { type: "app_event" } }],
  appDetails: [
    { ...PIPELINE, description: "", auth: [] },
    { ...POSTBOX, description: "", auth: [] },
  ],
};

export const account = (id: string, app: string, more: Partial<Account> = {}): Account => ({
  ...{ id, app, auth: "oauth", label: id, externalId: id, owner: "user" as const, status: "connected" as const, scopes: [], usedBy: [] },
  ...{ createdAt: "2026-01-01T00:00:00Z", lastUsedAt: null },
  ...more,
});

export const AUDIENCES: Option[] = [
  { value: "aud_1", label: "Product news" },
  { value: "aud_2", label: "Partners" },
  { value: "aud_3", label: "Beta testers" },
];
const CONTACT_FIELDS: Option[] = [
  { value: "email", label: "E-mail", type: "email", sample: "ada@example.com" },
  { value: "name", label: "Name", type: "text", sample: "Ada Lovelace" },
  { value: "phone", label: "Phone", type: "text", sample: "+44 20 7946 0000" },
  { value: "company", label: "Company", type: "text" },
];
const MERGE_FIELDS: Option[] = [
  { value: "EMAIL", label: "E-mail address", type: "email", required: true },
  { value: "FULLNAME", label: "Full name", type: "text", required: true },
  { value: "PHONE", label: "Phone number", type: "text" },
  { value: "NOTES", label: "Notes", type: "text" },
];

/** Where an integration of `flow` begins. */
export function makeIntegration(flow: FlowDetail, more: Partial<Integration> = {}): Integration {
  return {
    ...{ id: "int_1", flow: flow.key, version: flow.version, name: flow.name, status: "enabled" as const, accounts: {}, values: {} },
    blocks: flow.blocks,
    ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
    ...more,
  };
}

export function formOfContacts({ values }: DraftWrite): FormState {
  const { only_tagged, nightly = true } = values;
  return {
    pages: {},
    fields: {
      only_tagged: { shown: true, default: false },
      tags: { shown: only_tagged === true },
      nightly: { shown: true, default: true },
      timezone: { shown: nightly !== false, default: "Europe/London" },
      confirm: { shown: true, default: "pending" },
    },
  };
}

/** What a setup form finds at the edge, and leaves there. */
export interface FakeForm {
  draft: DraftWrite | undefined;
  integration: Integration | undefined;
}

/** Lets `edge` answer for `flow`'s form: draft, options, saving. `state` is what the form's expressions would yield. */
export function serveForm(edge: FakeEdge, flow: FlowDetail = CONTACTS, state: (draft: DraftWrite) => FormState = formOfContacts): FakeForm {
  const form: FakeForm = { draft: undefined, integration: undefined };
  const path = `/v1/flows/${flow.key}`;
  edge.flows = [flow];
  edge.accounts = [account("acc_crm", "pipeline", { label: "Ada’s Pipeline" }), account("acc_news", "postbox", { label: "North Ltd" })];
  edge.on(`GET ${path}/draft`, () => ({ body: toDraft(form.draft ?? form.integration, form.draft !== undefined, state) }));
  edge.on(`PUT ${path}/draft`, ({ body }) => {
    form.draft = body as DraftWrite;
    return { body: toDraft(form.draft, true, state) };
  });
  edge.on(`POST ${path}/options`, ({ body }) => ({ body: answerOptions(body as OptionsRequest) }));
  edge.on("POST /v1/integrations", ({ path: at, body }) => {
    if (at !== "/v1/integrations") return undefined;
    form.integration = makeIntegration(flow, body as Partial<Integration>);
    return { status: 201, body: form.integration };
  });
  edge.on("GET /v1/integrations/", () => form.integration && { body: form.integration });
  edge.on("PATCH /v1/integrations/", ({ body }) => form.integration && { body: { ...form.integration, ...(body as object) } });
  return form;
}

function toDraft(given: Partial<DraftWrite> | undefined, isStored: boolean, state: (draft: DraftWrite) => FormState) {
  const { accounts = {}, values = {}, name, page } = given ?? {};
  const draft = { accounts, values, ...(name !== undefined && { name }), ...(page !== undefined && { page }) };
  return { ...draft, savedAt: isStored ? "2026-01-01T00:00:00Z" : null, form: state(draft) };
}

const LISTS: Record<string, Option[]> = {
  audience: AUDIENCES,
  tags: ["vip", "lead", "customer"].map((value) => ({ value, label: value })),
  "fields.from": CONTACT_FIELDS,
  "fields.to": MERGE_FIELDS,
};

function answerOptions({ field: key, search = "" }: OptionsRequest) {
  const items = (LISTS[key] ?? []).filter((option) => option.label.toLowerCase().includes(search.toLowerCase()));
  return { items, nextCursor: null };
}
