import type { Account } from "../../shared/api/account.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { Run, StepRun } from "../../shared/api/run.ts";
import type { Tone } from "../ui/badge.ts";

const RUN_TONES: Record<Run["status"] | StepRun["status"], Tone> = {
  queued: "neutral",
  running: "accent",
  waiting: "warning",
  succeeded: "success",
  failed: "danger",
  stopped: "neutral",
  canceled: "neutral",
  skipped: "neutral",
};

/** How a run's or step's status is coloured; its words are `run.STATUS`. */
export const runTone = (status: Run["status"] | StepRun["status"]): Tone => RUN_TONES[status];

/** How an integration's status is coloured; its words are `status.STATUS`. */
export const integrationTone = (status: Integration["status"]): Tone =>
  status === "enabled" ? "success" : status === "disabled" ? "neutral" : "warning";

/** How an account's status is coloured; its words are `status.STATUS`. */
export const accountTone = (status: Account["status"]): Tone =>
  status === "connected" ? "success" : status === "expired" ? "warning" : "danger";
