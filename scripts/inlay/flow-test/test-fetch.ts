import {
  checkUrl,
  type FetchAnswer,
  type FetchFault,
  type GuardedFetch,
  type GuardedRequest,
} from "../../../edge/providers/http/guarded-fetch.ts";
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import type { DeclaredAnswer } from "../../../shared/flow/test-file.ts";
import type { Asking, DeclaredAnswers, SentRequest } from "./declared-answers.ts";

/** Until a call is given up (ms), as outside of tests. */
const TIMEOUT = 30_000;

/** What a fetch of a test notes: what was sent, and what no answer is declared for. */
export interface Traffic {
  sent: SentRequest[];
  unanswered: SentRequest[];
}

/** A fetch that reaches nothing: it refuses the addresses that the real one does, and gets declared answers. `sleep` is on the test's clock. */
export function testFetch(asking: Asking, answers: DeclaredAnswers, traffic: Traffic, sleep: (ms: number) => Promise<void>): GuardedFetch {
  return async (request) => {
    const checked = checkUrl({ PUBLIC_URL: "https://inlay.test", INLAY_LOCAL_HOSTS: "localhost,127.0.0.1" }, request.url);
    if (!checked.ok) return checked;
    const sent = readSent(asking.step, request, checked.url);
    traffic.sent.push(sent);
    const answer = await answers.take(asking, sent);
    if (!answer) {
      traffic.unanswered.push(sent);
      return { ok: false, code: "blocked", message: `no answer is declared for ${sent.method} ${sent.url}` };
    }
    return give(answer, request, checked.url, sleep);
  };
}

async function give(
  answer: DeclaredAnswer,
  request: GuardedRequest,
  url: URL,
  sleep: (ms: number) => Promise<void>,
): Promise<FetchAnswer | FetchFault> {
  const limit = request.timeout ?? TIMEOUT;
  const isEndless = "fault" in answer && answer.fault === "timeout";
  const slow = isEndless ? limit : "slow" in answer && answer.slow !== undefined ? (parseDuration(answer.slow) ?? 0) : 0;
  if (slow > 0) await sleep(Math.min(slow, limit));
  if (slow >= limit) return { ok: false, code: "timeout", message: `${url.host} did not answer within ${limit / 1_000} s` };
  if ("fault" in answer) return { ok: false, code: "network", message: `${url.host} could not be reached: the connection was reset` };
  const { status = 200, headers = {}, body } = answer as Extract<DeclaredAnswer, { status?: unknown }>;
  const isText = typeof body === "string";
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    ok: true,
    status,
    headers: { ...(body === undefined || isText ? {} : { "content-type": "application/json" }), ...Object.fromEntries(given) },
    body: body === undefined ? "" : isText ? body : JSON.stringify(body),
    url: url.href,
  };
}

function readSent(step: string, { method, headers, body }: GuardedRequest, url: URL): SentRequest {
  const query: Record<string, unknown> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0] : values;
  }
  return { step, method, url: `${url.origin}${url.pathname}`, query, headers, body: readBody(body, headers["content-type"] ?? "") };
}

function readBody(body: string | undefined, type: string): unknown {
  if (body === undefined) return null;
  if (type.includes("form-urlencoded")) return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
