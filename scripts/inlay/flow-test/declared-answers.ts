// Which declared answer a call gets. Keeps count, so that lists go on and what was never asked for is known.

import type { Effect } from "../../../edge/engine/deps.ts";
import { evaluateValue, isTrue } from "../../../edge/engine/expression.ts";
import type { AnswerRule, DeclaredAnswer } from "../../../shared/flow/test-file.ts";

/** A call as rules see it; `url` without its query, `body` parsed where it is JSON or a form. */
export interface SentRequest {
  step: string;
  method: string;
  url: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  body: unknown;
}

/** The effect that a call is part of, and the path of its step. */
export interface Asking {
  effect: Effect;
  step: string;
}

/** Declared answers of one test. Rules are tried in order. */
export class DeclaredAnswers {
  readonly #rules: readonly AnswerRule[];
  readonly #counts: number[];

  constructor(rules: readonly AnswerRule[]) {
    this.#rules = rules;
    this.#counts = rules.map(() => 0);
  }

  /** The next answer for a call, or for an operation as such (`sent` undefined), which only rules about operations or steps can give. */
  async take(asking: Asking, sent: SentRequest | undefined): Promise<DeclaredAnswer | undefined> {
    for (const [index, rule] of this.#rules.entries()) {
      if (!isAbout(rule, asking) || !(await fits(rule, sent))) continue;
      const answers = Array.isArray(rule.answer) ? rule.answer : [rule.answer];
      const answer = answers[Math.min(this.#counts[index] ?? 0, answers.length - 1)];
      if (!answer || isWhole(answer) !== (sent === undefined)) return undefined;
      this.#counts[index] = (this.#counts[index] ?? 0) + 1;
      return answer;
    }
    return undefined;
  }

  /** Places of the rules that no call has asked for. */
  get unused(): number[] {
    return this.#counts.flatMap((count, index) => (count === 0 ? [index] : []));
  }
}

/** Whether it stands for an operation as a whole, not for one HTTP call. */
const isWhole = (answer: DeclaredAnswer) => "output" in answer || "error" in answer;

function isAbout({ query, action, step }: AnswerRule, asking: Asking): boolean {
  const { effect } = asking;
  const ref = query ?? action;
  if (ref !== undefined) {
    if (effect.kind !== "operation" || `${effect.slot}.${effect.operation}` !== ref) return false;
    if ((query === undefined ? "action" : "query") !== effect.type) return false;
  }
  return step === undefined || step === asking.step;
}

async function fits({ url, method, when }: AnswerRule, sent: SentRequest | undefined): Promise<boolean> {
  if (!sent) return url === undefined && method === undefined && when === undefined;
  if (method !== undefined && method !== sent.method) return false;
  if (url !== undefined && !matchesUrl(url, sent)) return false;
  return when === undefined || isTrue(await evaluateValue(when, { ...sent }));
}

function matchesUrl(pattern: string, { url, query }: SentRequest): boolean {
  const whole = pattern.includes("?") ? `${url}?${new URLSearchParams(Object.entries(query).flatMap(toPairs))}` : url;
  const pieces = pattern.split("*").map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`).test(whole);
}

const toPairs = ([name, value]: [string, unknown]) => (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]);
