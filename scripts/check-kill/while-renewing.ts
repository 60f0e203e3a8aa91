import { Caller, until } from "../../demo/journeys/product.ts";
import { SlowTokens } from "./slow-tokens.ts";
import { pause, Trial } from "./trial.ts";

const FLOW = `inlay: 1
key: renewed-orders
name: Renewed orders
instances: many
accounts: { app: { app: renewed } }
setup: { pages: [{ key: one, title: One, fields: [{ key: contact, type: text, label: Contact, required: true }] }] }
blocks:
  - key: received
    name: Received
    trigger: { webhook: { dedupe: "{{ headers.'x-order-id' }}" } }
    concurrency: 64 # calls that share a renewal: fewer, and what a reconnect lets go on takes a minute
    steps: [{ key: rename, action: app.rename, with: { id: "{{ setup.contact }}", name: "{{ trigger.body.id }}" } }]
`;

/**
 * Orders through an account whose tokens are renewed at every call, and good for one renewal. A kill between the app's answer and our
 * note of it costs the account its access: it must say so, its runs must wait, and go on when it is connected again.
 */
export async function killWhileRenewing({ rounds, senders }: { rounds: number; senders: number }): Promise<boolean> {
  const trial = new Trial();
  const app = new SlowTokens(trial.target);
  let reconnects = 0;
  try {
    const dev = await trial.start();
    await app.start(dev.edgeUrl);
    await publish(Caller.asHost(dev), dev, app);
    const account = await connect(trial, app);
    const hooks = await trial.setUp(2, "renewed-orders", { app: account }, { contact: await app.findContact() });
    trial.senders.start(hooks, senders);
    for (let round = 1; round <= rounds; round++) {
      await pause(1_000 + Math.random() * 1_500);
      await trial.kill();
      await trial.start();
      await pause(1_000);
      if (!(await isConnected(trial, account))) {
        reconnects++;
        await connect(trial, app, account);
      }
      console.log(
        `  round ${round}: ${trial.senders.acknowledged.size} acknowledged, ${app.renewals} renewals, ${app.lost} lost on their way, ${reconnects} reconnects`,
      );
    }
    await trial.senders.stop();
    const settle = async () => {
      if (!(await isConnected(trial, account))) {
        reconnects++;
        await connect(trial, app, account);
      }
      return trial.isOver();
    };
    await until("every run ends", settle, 60_000).catch(() => undefined);
    const isWell = await trial.judge();
    console.log(`  renewals               ${app.renewals}, ${app.lost} lost on their way; connected again ${reconnects} times`);
    return isWell && app.renewals > 0;
  } finally {
    await trial.stop();
    await app.stop();
  }
}

async function publish(host: Caller, { edgeUrl, apiToken }: { edgeUrl: string; apiToken: string }, app: SlowTokens): Promise<void> {
  const send = async (path: string, body: string) => {
    const headers = { authorization: `Bearer ${apiToken}`, "content-type": "application/yaml" };
    const response = await fetch(`${edgeUrl}/v1/workspace/${path}`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  };
  await host.ask("PUT", "/v1/workspace/secrets/RENEWED_ID", { value: app.client.id });
  await host.ask("PUT", "/v1/workspace/secrets/RENEWED_SECRET", { value: app.client.secret });
  await send("apps", app.appFile);
  await send("flows", FLOW);
  await host.ask("POST", "/v1/workspace/flows/renewed-orders/versions", {});
}

/** Connects Ada's account, or connects `account` again; answers its id. */
async function connect(trial: Trial, app: SlowTokens, account?: string): Promise<string> {
  const asked = { app: "renewed", auth: "oauth", ...(account === undefined ? {} : { account }) };
  const { authorizeUrl, attempt } = await trial.ada.ask<{ authorizeUrl: string; attempt: string }>("POST", "/v1/accounts/authorize", asked);
  await app.consent(authorizeUrl);
  return until("the account is connected", async () => {
    const found = await trial.ada.ask<{ account?: { id: string } }>("GET", `/v1/accounts/attempts/${attempt}`);
    return found.account?.id;
  });
}

/** Whether the account works, as far as it says. */
async function isConnected(trial: Trial, account: string): Promise<boolean> {
  const { items } = await trial.ada.ask<{ items: { id: string; status: string }[] }>("GET", "/v1/accounts?app=renewed");
  const found = items.find(({ id }) => id === account);
  if (!found) throw new Error("the account is gone");
  return found.status === "connected";
}
