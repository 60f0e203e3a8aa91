import type { TemplateResult } from "lit";
import type { FlowDetail } from "../../shared/api/flow.ts";
import type { TriggerType } from "../../shared/flow/trigger.ts";
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

/** Blocks that mean something to a user: not those that other blocks call, nor those around setting up. */
export const tellingBlocks = <B extends Block>(blocks: readonly B[]): B[] =>
  blocks.filter(({ trigger }) => trigger.type !== "call" && trigger.type !== "lifecycle");
