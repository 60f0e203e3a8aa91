import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { install } from "./install.ts";
import { type StartRival, startProcess, takes } from "./rival.ts";

const FUNCTION = `
const { id, lines, customer } = msg.payload;
const total = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
msg.payload = { id, total, email: customer.email.toLowerCase() };
msg.headers = { "content-type": "application/json" };
return total >= 0 ? [msg, null] : [null, msg];`;

/** Node-RED with the flow of orders: a webhook, a function that maps and checks, a request, an answer. It keeps nothing. */
export const startNodeRed: StartRival = async ({ port, folder, target }) => {
  const home = await install("node-red", { "node-red": "5.0.7" });
  const flow = [
    { id: "tab", type: "tab", label: "orders" },
    { id: "in", type: "http in", z: "tab", url: "/order", method: "post", wires: [["map"]] },
    { id: "map", type: "function", z: "tab", func: FUNCTION, outputs: 2, wires: [["post"], ["out"]] },
    { id: "post", type: "http request", z: "tab", method: "POST", ret: "txt", url: target, persist: true, wires: [["out"]] },
    { id: "out", type: "http response", z: "tab", statusCode: "202", headers: {}, wires: [] },
  ];
  writeFileSync(join(folder, "flows.json"), JSON.stringify(flow));
  const settings = { uiPort: port, uiHost: "127.0.0.1", flowFile: "flows.json", httpAdminRoot: false, telemetry: { enabled: false } };
  writeFileSync(
    join(folder, "settings.cjs"),
    `module.exports = ${JSON.stringify({ ...settings, logging: { console: { level: "warn", metrics: false, audit: false } } })};`,
  );
  const script = join(home, "node_modules/node-red/red.js");
  const child = startProcess(process.execPath, [script, "--userDir", folder, "--settings", join(folder, "settings.cjs")], {}, folder);
  const url = `http://127.0.0.1:${port}/order`;
  await child.ready(() => takes(url));
  return { name: "Node-RED", keeps: "nothing", url, pids: [child.pid], stop: child.stop };
};
