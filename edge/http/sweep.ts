// An alarm can be lost (a re-arm that died with its object). The sweep touches what should have moved on by now.
import { and, asc, eq, gt, lte, or } from "drizzle-orm";
import { catalogue } from "../db/catalogue.ts";
import { integrations } from "../db/schema.ts";
import type { Env } from "../env.ts";

const PAGE = 200;
const AT_ONCE = 6;

/** Pokes every enabled integration whose due time has passed at `now`, page by page. One that fails does not keep the others. */
export async function sweep(env: Env, now = Date.now()): Promise<number> {
  const db = catalogue(env);
  let [due, id] = [0, ""];
  let poked = 0;
  for (;;) {
    const behind = or(gt(integrations.nextDue, due), and(eq(integrations.nextDue, due), gt(integrations.id, id)));
    const rows = await db
      .select({ id: integrations.id, nextDue: integrations.nextDue })
      .from(integrations)
      .where(and(eq(integrations.enabled, true), lte(integrations.nextDue, now), behind))
      .orderBy(asc(integrations.nextDue), asc(integrations.id))
      .limit(PAGE);
    const work = [...rows];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let row = work.shift(); row; row = work.shift()) {
          await env.INTEGRATIONS.getByName(row.id)
            .poke()
            .then(() => poked++)
            .catch(() => undefined);
        }
      }),
    );
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return poked;
    [due, id] = [last.nextDue ?? 0, last.id];
  }
}
