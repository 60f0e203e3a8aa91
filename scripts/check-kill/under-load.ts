import { pause, Trial } from "./trial.ts";

/** Orders under load, and `kill -9` every one to three seconds. */
export async function killUnderLoad({
  rounds,
  senders,
  integrations,
}: {
  rounds: number;
  senders: number;
  integrations: number;
}): Promise<boolean> {
  const trial = new Trial();
  try {
    const url = await trial.target.start();
    await trial.start();
    const hooks = await trial.setUp(integrations, "orders-to-anywhere", {}, { url, minimum: 0 });
    trial.senders.start(hooks, senders);
    for (let round = 1; round <= rounds; round++) {
      await pause(1_000 + Math.random() * 2_000);
      const at = Date.now();
      const cut = await trial.kill();
      await trial.start();
      const up = ((Date.now() - at) / 1_000).toFixed(1);
      console.log(`  round ${round}: ${trial.senders.acknowledged.size} acknowledged, ${cut} calls under way, up again after ${up} s`);
    }
    await pause(1_000);
    return await trial.judge();
  } finally {
    await trial.stop();
  }
}
