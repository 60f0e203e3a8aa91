// Why a step or run failed, waits or was skipped, in the user's language by its code. What providers and flows say themselves stays as it is.
import type { RunError, Why } from "../../shared/api/run.ts";
import type { MessageKey } from "./en.ts";
import type { I18n, Params } from "./i18n.ts";
import "./yours-words.ts";

/** Our words by the error's code, and what they have to name. */
const FAULTS: Record<string, readonly [MessageKey, place?: string]> = {
  wait_timeout: ["fault.event", "event"],
  network: ["fault.network", "host"],
  redirects: ["fault.redirects", "host"],
  blocked: ["fault.blocked", "host"],
  canceled: ["fault.canceled"],
  too_large: ["fault.large"],
  output_too_large: ["fault.large"],
  output_too_deep: ["fault.large"],
  run_too_large: ["fault.large"],
  state_too_large: ["fault.large"],
  too_many_items: ["fault.large"],
  too_many_steps: ["fault.many"],
  too_many_turns: ["fault.many"],
  too_many_calls: ["fault.many"],
  calls_too_deep: ["fault.many"],
  required: ["accounts.connectApp", "app"],
  scope: ["fault.scope", "app"],
  account: ["fault.reconnect", "app"],
  workspace_account: ["fault.shared", "app"],
  rate_limited: ["error.rate_limited", "app"],
  queue_full: ["error.rate_limited"],
  quota_exceeded: ["error.rate_limited"],
  account_missing: ["fault.account"],
  account_expired: ["fault.reconnect", "app"],
  account_revoked: ["fault.reconnect", "app"],
  account_error: ["fault.reconnect", "app"],
  account_lapsed: ["fault.lapsed", "app"],
  account_throttled: ["fault.throttled", "app"],
  account_broken: ["fault.broken", "app"],
  internal: ["error.internal"],
  unknown: ["error.internal"],
  poison: ["error.internal"],
};

/** What only whoever wrote the flow can mend: the edge's own words are for them. */
const OF_THE_FLOW =
  /^(expression_\w+|code_(?!error$)\w+|invalid_wait|wait_too_long|unknown_\w+|invalid_input|required|option|acts|page_repeats|pages_unfinished|no_list|bad_address|host_not_allowed|blocked)$/;

/** As much of a run's error as it takes to say it. */
export type Told = Pick<RunError, "code" | "message"> & { params?: Params | undefined };

/** `text`: why it failed. `detail`: the same for whoever wrote the flow, in the edge's words. */
export function describeFault(i18n: I18n, { code, message, params = {} }: Told): { text: string; detail?: string } {
  const { msg } = i18n;
  if (params.status !== undefined) return { text: msg(params.said ? "fault.answered" : "fault.answeredBare", params) };
  if (code === "timeout" && !params.host && !params.ms) return { text: msg("fault.over") };
  if (code === "timeout")
    return { text: params.ms ? msg("fault.timeout", { took: i18n.took(Number(params.ms)) }) : msg("fault.network", params) };
  if (params.said) return { text: msg("fault.says", params) };
  const [ours, place] = FAULTS[code] ?? [];
  if (ours && (place === undefined || params[place] !== undefined)) return { text: msg(ours, params) };
  return OF_THE_FLOW.test(code) ? { text: msg("fault.flow"), detail: message } : { text: message };
}

/** Why a run waits or was ended, and how a due time ended; undefined where the code is new, so that the edge's words count. `block`: its name. */
export function describeWhy(i18n: I18n, { code, params = {}, error }: Why, block = ""): string | undefined {
  const { msg } = i18n;
  const when = params.at === undefined ? "" : i18n.dateTime(params.at);
  const count = Number(params.count);
  const reason = error ? describeFault(i18n, error).text : "";
  switch (code) {
    case "until":
      return msg("why.until", { when });
    case "event":
      return msg("why.event", { event: params.event ?? "", when });
    case "again":
      return msg("why.again", { reason });
    case "locked":
      return msg("error.internal");
    case "turn":
      return msg("why.turn");
    case "reconnect":
      return msg("why.reconnect", params);
    case "throttled":
    case "broken":
      return msg(`fault.${code}`, params);
    case "by_hand":
      return msg("why.byHand");
    case "missed":
      return msg("slots.missed");
    case "together":
      return msg("slots.together", { when });
    case "stands":
      return msg("slots.stands", { count });
    case "queue_full":
      return msg("slots.full", { count });
    case "quota_exceeded":
      return msg("attention.quota", { block });
    case "too_large":
      return msg("fault.large");
    case "unanswered":
      return msg("slots.unanswered", { reason });
    case "reading":
      return msg("slots.reading");
    case "found":
      return describeFound(i18n, params);
    default:
      return undefined;
  }
}

function describeFound(i18n: I18n, params: Params): string {
  const counted = (key: MessageKey, name: string) => {
    const count = Number(params[name] ?? 0);
    return count ? [i18n.msg(key, { count })] : [];
  };
  const count = Number(params.count);
  return i18n.list([i18n.msg("slots.found", { count }), ...counted("slots.left", "left"), ...counted("slots.out", "out")]);
}
