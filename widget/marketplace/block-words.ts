import type { TemplateResult } from "lit";
import type { AppSummary, BlockTrigger, FlowDetail } from "../../shared/api/flow.ts";
import type { TriggerType } from "../../shared/flow/trigger.ts";
import { readCron } from "../fields/cron-words.ts";
import { rhythmWords } from "../fields/rhythm-words.ts";
import type { MessageKey } from "../i18n/en.ts";
import type { I18n } from "../i18n/i18n.ts";
import { boltIcon, clockIcon, editIcon, handIcon, linkIcon, refreshIcon, webhookIcon } from "../ui/icons.ts";

type Block = Pick<FlowDetail["blocks"][number], "key" | "name"> & { trigger: { type: TriggerType } };

const ICONS: Record<TriggerType, TemplateResult> = {
  schedule: clockIcon,
  poll: refreshIcon,
  webhook: webhookIcon,
  event: boltIcon,
  app_event: boltIcon,
  api: linkIcon,
  call: linkIcon,
  lifecycle: editIcon,
  manual: handIcon,
};

/** The picture of what starts a block. */
export const triggerIcon = (type: TriggerType): TemplateResult => ICONS[type];

/** What starts a block, in plain words. */
export const triggerWords = (type: TriggerType, i18n: I18n): string => i18n.msg(`trigger.${type}` satisfies MessageKey);

/** The same with what the flow tells of it: in which app, at what times. */
export function blockWords({ type, app: key, cron, everySeconds = 0 }: BlockTrigger, apps: readonly AppSummary[], i18n: I18n): string {
  const app = apps.find((one) => one.key === key)?.name;
  if (type === "app_event" && app) return i18n.msg("trigger.app_eventOf", { app });
  if (type === "poll" && app) return i18n.msg("trigger.pollOf", { app });
  const rhythm = cron === undefined ? undefined : readCron(cron);
  if (rhythm && rhythm.kind !== "custom") return rhythmWords(i18n, rhythm);
  const minutes = everySeconds / 60;
  if (type === "schedule" && Number.isInteger(minutes) && minutes > 0 && minutes < 120)
    return i18n.msg("field.schedule.sayMinutes", { count: minutes });
  return triggerWords(type, i18n);
}

/** Blocks that mean something to a user: not those that other blocks call, nor those around setting up. */
export const tellingBlocks = <B extends Block>(blocks: readonly B[]): B[] =>
  blocks.filter(({ trigger }) => trigger.type !== "call" && trigger.type !== "lifecycle");
