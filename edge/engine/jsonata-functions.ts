import jsonata from "jsonata";
import { ExpressionError } from "./expression-error.ts";
import { EXPRESSION_LIMITS as LIMITS } from "./limits.ts";
import { mapFields, pairsOf } from "./map-fields.ts";
import type { Budget, Clock } from "./plain.ts";

const formatTime = jsonata("$fromMillis($ms, $picture, $zone)");

/** Functions in place of JSONata's own: bounded ones always, those of time and chance where there is a `clock`; and `$mapFields`. */
export function overrides(clock: Clock | undefined, budget: Budget): Record<string, unknown> {
  const bounded = { ...BOUNDED, mapFields: (pairs: unknown, item: unknown) => mapFields(pairsOf(pairs), item, clock, budget) };
  if (!clock) return bounded;
  return {
    ...bounded,
    now: (picture?: string, zone?: string) => formatTime.evaluate({}, { ms: clock.now(), picture, zone }),
    millis: () => clock.now(),
    random: () => clock.random(),
    shuffle: (list: unknown) => shuffle(list, clock.random),
  };
}

const BOUNDED: Record<string, unknown> = { eval: undefined, pad, distinct };

function pad(text: unknown, width: unknown, filler: unknown): unknown {
  if (typeof text !== "string" || typeof width !== "number") return undefined;
  if (Math.abs(width) > LIMITS.sequence) throw new ExpressionError("size", `$pad makes at most ${LIMITS.sequence} characters`, "");
  const fill = typeof filler === "string" && filler ? filler : " ";
  const missing = Math.max(0, Math.abs(width) - [...text].length);
  const padding = [...fill.repeat(Math.ceil(missing / [...fill].length))].slice(0, missing).join("");
  return width < 0 ? padding + text : text + padding;
}

/** JSONata compares each with each; this one compares texts, in linear time. */
function distinct(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const seen = new Map<string, unknown>();
  for (const item of list) {
    const key = canonical(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function shuffle(list: unknown, random: () => number): unknown {
  if (!Array.isArray(list)) return list === undefined ? undefined : [list];
  const mixed: unknown[] = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
