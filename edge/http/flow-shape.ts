// Flows and apps as users get them.
import type { AppDetail, AppSummary, AuthChoice, BlockTrigger, FlowDetail, FlowSummary } from "../../shared/api/flow.ts";
import type { AppFile, Auth } from "../../shared/flow/app-file.ts";
import type { AccountSlot, FlowFile } from "../../shared/flow/flow-file.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { type Trigger, triggerType } from "../../shared/flow/trigger.ts";
import type { ListedFlow } from "../db/published-flows.ts";
import { authFields } from "../providers/app/auth-fields.ts";
import { describeField, describeForm } from "../setup-form/describe-form.ts";
import { accessOf, callsWeb, usesOf } from "./flow-access.ts";
import { iconUrl } from "./icon-url.ts";

/** What shaping needs around a flow. */
export interface ShapeContext {
  publicUrl: string;
  workspace: string;
  appNames: Map<string, { name: string; icon: string | null }>;
}

function appSummary(key: string, { publicUrl, workspace, appNames }: ShapeContext): AppSummary {
  const app = appNames.get(key);
  return { key, name: app?.name ?? key, icon: iconUrl(publicUrl, workspace, app?.icon) };
}

const appKeys = (accounts: Record<string, AccountSlot>) => [...new Set(Object.values(accounts).map(({ app }) => app))];

/** A flow of the list. */
export const toFlowSummary = (flow: ListedFlow, installed: number, context: ShapeContext): FlowSummary => ({
  key: flow.key,
  name: flow.name,
  description: flow.description,
  icon: iconUrl(context.publicUrl, context.workspace, flow.icon),
  category: flow.category,
  tags: flow.tags,
  version: flow.version,
  instances: flow.instances,
  apps: appKeys(flow.accounts).map((key) => appSummary(key, context)),
  accounts: Object.entries(flow.accounts).flatMap(([key, { app, optional, owner }]) =>
    owner === "workspace" ? [] : [{ key, app, optional: optional === true }],
  ),
  installed,
});

/** One flow, with its form, its blocks, and how its apps are connected. */
export function toFlowDetail(
  { id, version, file }: { id: string; version: number; file: FlowFile },
  installed: number,
  apps: Record<string, AppFile>,
  context: ShapeContext,
): FlowDetail {
  const { key, name, description, tags, audience, instances, accounts } = file;
  const listed: ListedFlow = {
    ...{ id, key, name, description, tags, audience, version, instances, accounts },
    ...{ icon: file.icon ?? null, category: file.category ?? null },
  };
  return {
    ...toFlowSummary(listed, installed, context),
    setup: { pages: describeForm(file, apps) },
    blocks: file.blocks.map((block) => ({
      ...{ key: block.key, name: block.name, trigger: toBlockTrigger(block.trigger, accounts) },
      uses: usesOf(block, file, apps),
    })),
    access: accessOf(file, apps),
    callsWeb: callsWeb(file),
    appDetails: appKeys(accounts).flatMap((app) => {
      const found = apps[app];
      return found ? [toAppDetail(found, context)] : [];
    }),
  };
}

/** What an expression yields is known once somebody has set it up: only plain text is told. */
function toBlockTrigger(trigger: Trigger, accounts: Record<string, AccountSlot>): BlockTrigger {
  const operation = "poll" in trigger ? trigger.poll : "app_event" in trigger ? trigger.app_event : undefined;
  const app = operation === undefined ? undefined : accounts[operation.slice(0, operation.indexOf("."))]?.app;
  const cron = "schedule" in trigger ? trigger.schedule.cron : undefined;
  const every = "schedule" in trigger ? trigger.schedule.every : "poll" in trigger ? trigger.every : undefined;
  const everyMs = every === undefined ? undefined : parseDuration(every);
  return {
    type: triggerType(trigger),
    ...(app === undefined ? {} : { app }),
    ...(cron === undefined || cron.includes("{{") ? {} : { cron }),
    ...(everyMs === undefined ? {} : { everySeconds: everyMs / 1_000 }),
  };
}

/** An app, and how accounts of it are connected. */
export const toAppDetail = (app: AppFile, context: Pick<ShapeContext, "publicUrl" | "workspace">): AppDetail => ({
  key: app.key,
  name: app.name,
  icon: iconUrl(context.publicUrl, context.workspace, app.icon),
  description: app.description,
  auth: app.auth.map((auth) => toAuthChoice(auth, context.publicUrl)),
});

const AUTH_LABELS: Record<Auth["type"], string> = {
  oauth2: "Sign in",
  oauth2_client_credentials: "Client credentials",
  api_key: "API key",
  basic: "User name and password",
  bearer: "Access token",
  custom: "Connect",
  none: "No sign-in needed",
};

const helpOf = (auth: Auth, publicUrl: string): string | undefined =>
  "client" in auth && auth.client === "user" && auth.type === "oauth2"
    ? [auth.help, `Register a client there with the return address ${publicUrl}/oauth/callback`].filter(Boolean).join(" ")
    : auth.help;

function toAuthChoice(auth: Auth, publicUrl: string): AuthChoice {
  const help = helpOf(auth, publicUrl);
  return {
    key: auth.key,
    type: auth.type,
    label: auth.label ?? AUTH_LABELS[auth.type],
    ...(help === undefined ? {} : { help }),
    fields: authFields(auth).map((field) => describeField(field)),
  };
}
