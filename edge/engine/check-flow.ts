// What publishing asks beyond the schema: that everything a flow names is there, and that every expression in it parses.
import type { AppFile } from "../../shared/flow/app-file.ts";
import { hasExpression } from "../../shared/flow/expression.ts";
import { DISPLAY_TYPES, type Field, type OptionSource } from "../../shared/flow/field.ts";
import type { Block, FlowFile } from "../../shared/flow/flow-file.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { type Trigger, triggerType } from "../../shared/flow/trigger.ts";
import { actingStep } from "./block-reach.ts";
import { checkSteps } from "./check-steps.ts";
import { checkTranslations } from "./check-translations.ts";
import { inputOf } from "./compile-block.ts";
import { FaultList, type FlowFault } from "./fault-list.ts";
import { QUEUE_LIMITS } from "./limits.ts";
import { checkPattern } from "./matches-pattern.ts";
import { checkCron, checkZone } from "./next-slot.ts";
import { QUOTA_PERIOD, readQuota } from "./quota.ts";

export type { FlowFault } from "./fault-list.ts";

/** The faults that keep `flow` from being published; `apps` by key. Empty when it can run. `path` is dotted, from the file's root. */
export function checkFlow(flow: FlowFile, apps: Readonly<Record<string, AppFile>>): FlowFault[] {
  const faults = new FaultList(flow, apps);
  for (const [slot, { app, auth, owner, account }] of Object.entries(flow.accounts)) {
    if (account !== undefined && owner !== "workspace")
      faults.add(
        "unknown_account",
        "Only an account of the workspace has a key: add “owner: workspace”, or leave it out",
        `accounts.${slot}.account`,
      );
    const file = Object.hasOwn(apps, app) ? apps[app] : undefined;
    if (!file) faults.add("unknown_app", `There is no app “${app}” in this workspace`, `accounts.${slot}.app`);
    for (const key of file ? (auth ?? []) : [])
      if (!file?.auth.some((one) => one.key === key)) faults.add("unknown_auth", `${app} has no auth “${key}”`, `accounts.${slot}.auth`);
  }
  checkSetup(flow, faults);
  faults.unique(
    flow.blocks.map((block) => block.key),
    (index) => `blocks.${index}.key`,
    "block",
  );
  flow.blocks.forEach((block, index) => {
    checkBlock(block, `blocks.${index}`, faults);
  });
  checkTranslations(flow, faults);
  return faults.list;
}

function checkSetup({ setup }: FlowFile, faults: FaultList): void {
  faults.unique(
    setup.pages.map((page) => page.key),
    (index) => `setup.pages.${index}.key`,
    "page",
  );
  const places = setup.pages.flatMap((page, at) =>
    page.fields.map((field, index) => ({ key: field.key, path: `setup.pages.${at}.fields.${index}` })),
  );
  faults.unique(
    places.map(({ key }) => key),
    (index) => `${places[index]?.path}.key`,
    "field",
  );
  setup.pages.forEach((page, at) => {
    faults.template(page.when, `setup.pages.${at}.when`);
    page.fields.forEach((field, index) => {
      checkField(field, `setup.pages.${at}.fields.${index}`, faults);
    });
  });
}

function checkField(field: Field, path: string, faults: FaultList): void {
  if (field.type === "account" && !Object.hasOwn(faults.flow.accounts, field.key))
    faults.add("unknown_account", `An account field has the key of a slot in “accounts”; there is no “${field.key}”`, `${path}.key`);
  if (field.type === "account" && faults.flow.accounts[field.key]?.owner === "workspace")
    faults.add(
      "unknown_account",
      `“${field.key}” is an account of the workspace, for which users are not asked: leave this field out`,
      path,
    );
  faults.template(field.when, `${path}.when`);
  faults.template(field.value, `${path}.value`);
  faults.template(field.validate?.rule, `${path}.validate.rule`);
  const wrong = field.validate?.pattern === undefined ? undefined : checkPattern(field.validate.pattern);
  if (wrong !== undefined) faults.add("invalid_pattern", wrong, `${path}.validate.pattern`);
  if (typeof field.required === "string") faults.template(field.required, `${path}.required`);
  if (field.default !== undefined) faults.template(field.default, `${path}.default`);
  for (const side of ["options", "from", "to"] as const) {
    const source = field[side];
    if (source && !Array.isArray(source)) checkSource(source, `${path}.${side}`, faults);
  }
  if (field.block !== undefined && !DISPLAY_TYPES.has(field.type) && field.type !== "tree") return;
  if (field.block !== undefined) faults.block(field.block, `${path}.block`);
  field.fields?.forEach((inner, index) => {
    if (inner.type === "secret" || inner.secret)
      faults.add(
        "nested_secret",
        `A secret cannot stand inside “${field.key}”: only fields of a page are sealed. Make “${inner.key}” a field of its own`,
        `${path}.fields.${index}.${inner.secret ? "secret" : "type"}`,
      );
    checkField(inner, `${path}.fields.${index}`, faults);
  });
}

function checkSource(source: OptionSource, path: string, faults: FaultList): void {
  if (source.query !== undefined) faults.operation(source.query, "queries", `${path}.query`);
  if (source.block !== undefined) checkOptionsBlock(source.block, `${path}.block`, faults);
  if ([source.query, source.block, source.data].filter((one) => one !== undefined).length !== 1)
    faults.add("no_source", "Options come from a list, or from one query, one block or one object of the host’s data", path);
  faults.template(source.with, `${path}.with`);
  for (const key of ["value", "label", "group"] as const) faults.template(source[key], `${path}.${key}`);
}

/** Opening a form must change nothing, and waits for nothing. */
function checkOptionsBlock(key: string, path: string, faults: FaultList): void {
  const block = faults.flow.blocks.find((one) => one.key === key);
  const acting = actingStep(faults.flow, key);
  if (!block) faults.block(key, path);
  else if (!("call" in block.trigger))
    faults.add("not_callable", `Block “${key}” has another trigger: only blocks with a call trigger give options`, path);
  else if (acting)
    faults.add("options_act", `Block “${key}” gives options, so it may only read: step “${acting.key}” is of a kind that does more`, path);
}

function checkBlock(block: Block, path: string, faults: FaultList): void {
  checkTrigger(block.trigger, `${path}.trigger`, faults);
  inputOf(block.trigger).forEach((field, index) => {
    checkField(field, `${path}.trigger.${triggerType(block.trigger)}.input.${index}`, faults);
  });
  faults.template(block.partition, `${path}.partition`);
  if (block.quota !== undefined && (readQuota(block.quota)?.per ?? 0) < QUOTA_PERIOD)
    faults.add("quota_period", `The shortest period of a quota is ${QUOTA_PERIOD / 1_000}s`, `${path}.quota.per`);
  const keys = new Map<string, string>();
  checkSteps(block.steps, `${path}.steps`, faults, keys);
  checkSteps(block.on_failure ?? [], `${path}.on_failure`, faults, keys);
}

function checkTrigger(trigger: Trigger, path: string, faults: FaultList): void {
  if ("schedule" in trigger) {
    const { cron, every, timezone } = trigger.schedule;
    if ((cron === undefined) === (every === undefined))
      faults.add("invalid_schedule", "A schedule has either “cron” or “every”", `${path}.schedule`);
    checkEvery(every, `${path}.schedule.every`, faults);
    faults.template(cron, `${path}.schedule.cron`);
    faults.template(timezone, `${path}.schedule.timezone`);
    const wrong = cron !== undefined && !hasExpression(cron) ? checkCron(cron) : undefined;
    if (wrong) faults.add("invalid_cron", wrong, `${path}.schedule.cron`);
    if (timezone !== undefined && !hasExpression(timezone) && !checkZone(timezone))
      faults.add("invalid_timezone", `“${timezone}” is no IANA time zone, such as Europe/Berlin`, `${path}.schedule.timezone`);
  } else if ("poll" in trigger) {
    faults.operation(trigger.poll, "queries", `${path}.poll`);
    checkEvery(trigger.every, `${path}.every`, faults);
    faults.template(trigger.with, `${path}.with`);
    for (const key of ["items", "id", "cursor"] as const) faults.template(trigger[key], `${path}.${key}`);
  } else if ("webhook" in trigger) {
    faults.template(trigger.webhook.dedupe, `${path}.webhook.dedupe`);
    faults.template(trigger.webhook.verify?.secret, `${path}.webhook.verify.secret`);
  } else if ("app_event" in trigger) {
    faults.operation(trigger.app_event, "triggers", `${path}.app_event`);
    faults.template(trigger.with, `${path}.with`);
  }
}

function checkEvery(every: string | undefined, path: string, faults: FaultList): void {
  faults.template(every, path);
  if (every === undefined || hasExpression(every)) return;
  const length = parseDuration(every);
  if (length === undefined) faults.add("invalid_duration", "Write a duration such as 30s, 5m or 1h", path);
  else if (length < QUEUE_LIMITS.every) faults.add("too_often", `The shortest interval is ${QUEUE_LIMITS.every / 1_000}s`, path);
}
