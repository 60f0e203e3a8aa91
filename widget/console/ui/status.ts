import type { TemplateResult } from "lit";
import type { Run, RunStatus } from "../../../shared/api/run.ts";
import { badge, type Tone } from "../../ui/badge.ts";

const RUN: Record<RunStatus, [Tone, string]> = {
  queued: ["neutral", "Queued"],
  running: ["accent", "Running"],
  waiting: ["accent", "Waiting"],
  succeeded: ["success", "Succeeded"],
  failed: ["danger", "Failed"],
  stopped: ["neutral", "Stopped"],
  canceled: ["neutral", "Canceled"],
};
const INTEGRATION: Record<string, [Tone, string]> = {
  enabled: ["success", "On"],
  disabled: ["neutral", "Off"],
  needs_attention: ["warning", "Needs attention"],
};
const ACCOUNT: Record<string, [Tone, string]> = {
  connected: ["success", "Connected"],
  expired: ["warning", "Expired"],
  revoked: ["danger", "Revoked"],
  error: ["danger", "Not working"],
};

export const runBadge = (status: RunStatus): TemplateResult => badge(...RUN[status]);
export const runWord = (status: RunStatus): string => RUN[status][1];
export const integrationBadge = (status: string): TemplateResult => badge(...(INTEGRATION[status] ?? ["neutral", status]));
export const accountBadge = (status: string): TemplateResult => badge(...(ACCOUNT[status] ?? ["neutral", status]));

/** How long a run took, in ms; undefined while it has not ended. */
export function tookOf({ startedAt, endedAt }: Pick<Run, "startedAt" | "endedAt">): number | undefined {
  return startedAt && endedAt ? Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) : undefined;
}
