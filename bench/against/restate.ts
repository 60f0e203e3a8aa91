import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { install } from "./install.ts";
import { type StartRival, startProcess } from "./rival.ts";

const VERSION = "1.7.12";
const SDK = "1.17.2";

const service = (port: number, target: string) => `
import * as restate from "@restatedev/restate-sdk";
const orders = restate.service({
  name: "orders",
  handlers: {
    received: async (context, { id, lines, customer }) => {
      const total = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
      const order = { id, total, email: customer.email.toLowerCase() };
      if (total < 0) return { skipped: true };
      await context.run("post", async () => {
        const answer = await fetch(${JSON.stringify(target)}, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(order) });
        await answer.text();
        return answer.status;
      });
      return { ok: true };
    },
  },
});
await restate.serve({ services: [orders], port: ${port} });
`;

/** Restate with the flow of orders as a handler, its call a durable step. It keeps every step. */
export const startRestate: StartRival = async ({ port, folder, target }) => {
  const home = await install("restate", { "@restatedev/restate-server": VERSION, "@restatedev/restate-sdk": SDK });
  const [ingress, admin, node, app] = [port, port + 1, port + 2, port + 3];
  const file = join(home, `service-${app}.mjs`);
  writeFileSync(file, service(app, target));
  const bin = join(home, "node_modules/.bin/restate-server");
  const settings = {
    RESTATE_BASE_DIR: folder,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_LISTEN_MODE: "tcp",
    DO_NOT_TRACK: "1",
    RUST_LOG: "warn",
  };
  const server = startProcess(bin, [], settings, folder);
  const handler = startProcess(process.execPath, [file], { NODE_ENV: "production", RESTATE_LOGGING: "ERROR" }, home);
  const stop = () => Promise.all([server.stop(), handler.stop()]).then(() => undefined);
  try {
    await server.ready(async () => (await fetch(`http://127.0.0.1:${admin}/health`)).ok);
    await handler.ready(() => register(admin, app));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: "Restate",
    keeps: "every step",
    url: `http://127.0.0.1:${ingress}/orders/received`,
    pids: [server.pid, handler.pid],
    stop,
  };
};

async function register(admin: number, app: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${app}` }),
  });
  await answer.text();
  return answer.ok;
}
