// Pure policy of the inbox's alarm over `Deps`: page by page, a crash goes on where the last page ended. No clock, no binding.
import type { Delivery, InboxEvent } from "./inbox-store.ts";

/** Subscriptions that one page holds. */
export const PAGE = 100;
const AT_ONCE = 6;
/**
 * Deliveries between two pauses. Where all objects share a thread, one that calls others without a pause keeps it from the network until it
 * is through: those who took the event cannot do their calls, and nobody is answered.
 */
const BREATH = 12;
/** From then on, one that has no room has it told instead; one that cannot even be told that is asked for as long as runs are kept. */
const LAST = 86_400_000;
const GIVE_UP = 30 * LAST;

export interface Subscription {
  integration: string;
  block: string;
  /** Known to need no later attempt where it takes nothing (1): its object knows of all its changes. */
  isSettled?: number;
}

/** How an integration took the event. `later`: it could not at the moment. */
export type Taken = "done" | "later";

export interface FanOutDeps {
  now: () => number;
  random: () => number;
  /** Resolves a moment later, when others have had their turn. */
  pause: () => Promise<void>;
  /** Who waits for the event, behind `event.after`, at most {@link PAGE}, in order of integration and block. */
  subscriptions: (event: InboxEvent) => Promise<Subscription[]>;
  /** `isLast`: one without room for the event notes a run that has failed, which can be tried again by hand. */
  deliver: (event: InboxEvent, to: Subscription, isLast: boolean) => Promise<Taken>;
}

export interface PageOutcome {
  after: Subscription | "end";
  again: Delivery[];
}

/** Hands `event` to the next page of those who wait for it. */
export async function fanOutPage(event: InboxEvent, deps: FanOutDeps): Promise<PageOutcome> {
  const page = await deps.subscriptions(event);
  const again: Delivery[] = [];
  const work = [...page];
  let begun = 0;
  let pause: Promise<void> | undefined;
  const worker = async () => {
    for (let to = work.shift(); to; to = work.shift()) {
      if (++begun % BREATH === 0) pause = deps.pause();
      await pause;
      if ((await deps.deliver(event, to, false)) === "later") again.push({ ...to, seq: event.seq, attempts: 1, due: retryAt(1, deps) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const last = page.at(-1);
  return { after: last && page.length === PAGE ? { integration: last.integration, block: last.block } : "end", again };
}

/** Tries a delivery again. Answers when to try once more, or undefined where it is done with: taken, noted as failed after a day, or 30 days old. */
export async function retryDelivery(event: InboxEvent, delivery: Delivery, deps: FanOutDeps): Promise<Delivery | undefined> {
  const age = deps.now() - event.at;
  if ((await deps.deliver(event, delivery, age > LAST)) === "done" || age > GIVE_UP) return undefined;
  const attempts = delivery.attempts + 1;
  return { ...delivery, attempts, due: retryAt(attempts, deps) };
}

const retryAt = (attempts: number, { now, random }: FanOutDeps) =>
  now() + 500 + Math.floor(random() * Math.min(600_000, 1_000 * 2 ** Math.min(attempts, 10)));
