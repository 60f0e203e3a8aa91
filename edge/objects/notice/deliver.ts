// One notification, sent to one address: signed as Standard Webhooks says, to the outside through the guarded way alone, never on to where a
// receiver redirects. What came back is judged here; nothing is stored.
import { Webhook } from "standardwebhooks";
import type { GuardedFetch } from "../../providers/http/guarded-fetch.ts";
import type { Outcome } from "./notice-store.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** ms until a failed delivery is tried again: four days in all. */
export const AGAIN = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR, 24 * HOUR];
const TIMEOUT = 15 * SECOND;
const MAX_ANSWER = 100_000;

/** What goes out. `id` is the same at each try, so that a receiver can tell a repetition. */
export interface Message {
  id: string;
  type: string;
  at: string;
  data: object;
}

/** How a try ended; `isGone`: the receiver wants no more (410), or there is nobody to try again for. */
export interface Tried extends Outcome {
  isGone: boolean;
}

/** Sends `message` to `url` for the time `attempts` + 1. `now` in ms. */
export async function deliver(
  fetch: GuardedFetch,
  { url, secret }: { url: string; secret: string },
  { id, type, at, data }: Message,
  { attempts, now }: { attempts: number; now: number },
): Promise<Tried> {
  const body = JSON.stringify({ type, timestamp: at, data });
  const answer = await fetch({
    ...{ method: "POST", url, body, redirects: "none", timeout: TIMEOUT, maxBytes: MAX_ANSWER },
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now / SECOND)),
      "webhook-signature": new Webhook(secret).sign(id, new Date(now), body),
    },
  });
  const wait = AGAIN[attempts];
  const due = wait === undefined ? null : now + wait;
  if (!answer.ok) return { ok: false, status: null, message: answer.message, due, isGone: due === null };
  const { status } = answer;
  if (status >= 200 && status < 300) return { ok: true, status, message: "", due: null, isGone: false };
  const isGone = status === 410 || due === null;
  return { ok: false, status, message: refusalOf(status), due: isGone ? null : due, isGone };
}

function refusalOf(status: number): string {
  if (status === 410) return "The receiver answered 410: it wants no more.";
  if (status >= 300 && status < 400) return `The receiver redirects (${status}); notifications go to the address itself alone.`;
  return `The receiver answered ${status}.`;
}
