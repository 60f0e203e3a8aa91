// What a flow does with the apps that it is given accounts of, told from its file: by the titles of the operations that it names.
import type { FlowAccess, OperationUse } from "../../shared/api/flow.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { Field, OptionSource } from "../../shared/flow/field.ts";
import type { Block, FlowFile } from "../../shared/flow/flow-file.ts";
import { reachedSteps } from "../engine/block-reach.ts";
import { allFields } from "../setup-form/describe-form.ts";

type Apps = Record<string, AppFile>;
type Use = OperationUse & { account: string };

/** By account slot: what is read, changed and listened to, by the flow's blocks and by its setup form. */
export function accessOf(flow: FlowFile, apps: Apps): FlowAccess[] {
  const uses = [
    ...flow.blocks.flatMap((block) => [...triggerUses(block, flow, apps), ...stepUses(block, flow, apps)]),
    ...allFields(flow).flatMap((field) => fieldUses(field, flow, apps)),
  ];
  return Object.entries(flow.accounts).map(([account, { app }]) => {
    const titles = (kind: Use["kind"]) => [
      ...new Set(uses.filter((use) => use.account === account && use.kind === kind).map(({ title }) => title)),
    ];
    return { account, app, reads: titles("reads"), writes: titles("writes"), listens: titles("listens") };
  });
}

/** What a block calls, in its order, each once; blocks that it calls included. */
export function usesOf(block: Block, flow: FlowFile, apps: Apps): OperationUse[] {
  const seen = new Set<string>();
  return stepUses(block, flow, apps).flatMap(({ app, title, kind }) => {
    const name = `${app} ${title}`;
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ app, title, kind }];
  });
}

/** Whether some block sends requests to addresses that are not an app's. */
export const callsWeb = (flow: FlowFile): boolean =>
  flow.blocks.some(({ key }) => reachedSteps(flow, key).some((step) => "http" in step && step.http.account === undefined));

function stepUses(block: Block, flow: FlowFile, apps: Apps): Use[] {
  return reachedSteps(flow, block.key).flatMap((step): Use[] => {
    if ("query" in step) return useOf(step.query, "reads", flow, apps);
    return "action" in step ? useOf(step.action, "writes", flow, apps) : [];
  });
}

function triggerUses({ trigger }: Block, flow: FlowFile, apps: Apps): Use[] {
  if ("poll" in trigger) return useOf(trigger.poll, "reads", flow, apps);
  return "app_event" in trigger ? useOf(trigger.app_event, "listens", flow, apps) : [];
}

function fieldUses({ options, from, to, fields = [] }: Field, flow: FlowFile, apps: Apps): Use[] {
  const asked = [options, from, to].flatMap((source) =>
    source === undefined || Array.isArray(source) ? [] : ((source as OptionSource).query ?? []),
  );
  return [...asked.flatMap((query) => useOf(query, "reads", flow, apps)), ...fields.flatMap((field) => fieldUses(field, flow, apps))];
}

const GROUPS = { reads: "queries", writes: "actions", listens: "triggers" } as const;

function useOf(reference: string, kind: Use["kind"], flow: FlowFile, apps: Apps): Use[] {
  const [account = "", operation = ""] = reference.split(".");
  const app = flow.accounts[account]?.app;
  if (app === undefined) return [];
  return [{ account, app, kind, title: apps[app]?.[GROUPS[kind]][operation]?.title ?? humanize(operation) }];
}

/** "find_member" as "Find member". */
const humanize = (key: string): string => {
  const words = key.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
