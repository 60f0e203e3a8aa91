import { until } from "../../demo/journeys/product.ts";
import { NextRelease } from "./next-release.ts";
import { lastWrite, readObjects } from "./object-files.ts";
import { pause, Trial } from "./trial.ts";

/** Kills of each release's first start: every other one while the catalogue migrates, the others while the objects do. */
const KILLS = 4;

/** One release after another on the same data, each with a step of the schemas; killed while it starts, and while its objects wake. */
export async function killWhileMigrating({ rounds, senders }: { rounds: number; senders: number }): Promise<boolean> {
  const trial = new Trial();
  const next = new NextRelease();
  try {
    const url = await trial.target.start();
    await trial.start();
    const hooks = await trial.setUp(8, "orders-to-anywhere", {}, { url, minimum: 0 });
    trial.senders.start(hooks, senders);
    await pause(1_500);
    trial.product.root = next.root;
    let usual = 8_000;
    for (let round = 1; round <= rounds; round++) {
      await trial.kill();
      next.addStep();
      for (let kill = 0; kill < KILLS; kill++) {
        const starting = trial.start().catch(() => undefined);
        const isAwake = kill % 2 === 1;
        const after = isAwake ? await objectsWake(trial) : usual * (0.2 + Math.random() * 0.5);
        await pause(after);
        await trial.kill();
        await starting;
        const when = `${(after / 1_000).toFixed(1)} s after ${isAwake ? "the first object woke" : "the start"}`;
        console.log(`    killed ${when}, with ${wholeOf(trial, next)} objects on the new schema`);
      }
      const at = Date.now();
      await trial.start();
      usual = Date.now() - at;
      console.log(`  release ${round}: ${trial.senders.acknowledged.size} acknowledged, up after ${(usual / 1_000).toFixed(1)} s`);
      await pause(2_000);
    }
    const isWell = await trial.judge();
    await trial.product.end();
    const whole = wholeOf(trial, next);
    console.log(`  objects whole          ${whole}, ${next.steps} steps each`);
    return isWell && /^(\d+) of \1$/.test(whole) && !whole.startsWith("0 ");
  } finally {
    await trial.stop();
    next.remove();
  }
}

/** Overdue alarms wake the objects as soon as the edge is there. Answers a time (ms) from then on within which all have migrated. */
async function objectsWake({ product }: Trial): Promise<number> {
  const since = Date.now();
  await until("an object is written to", async () => lastWrite(product.state) > since, 60_000).catch(() => undefined);
  return Math.random() * 6_000;
}

/** How many of the integrations' objects have done every step of the new release, once. */
function wholeOf({ product }: Trial, next: NextRelease): string {
  const tables = readObjects(product.state, (db) => db.prepare("SELECT name FROM pragma_table_info('run')").all());
  const whole = tables.filter((columns) => next.isWhole(columns.map(({ name }) => String(name)))).length;
  return `${whole} of ${tables.length}`;
}
