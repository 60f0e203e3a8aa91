import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { install, RivalError } from "./install.ts";
import { type StartRival, startProcess, takes } from "./rival.ts";

const ID = "inlayBenchOrders";

const workflow = (target: string) => {
  const node = (name: string, type: string, typeVersion: number, parameters: unknown, more: object = {}) => ({
    ...{ id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters },
    ...more,
  });
  const to = (name: string) => ({ main: [[{ node: name, type: "main", index: 0 }]] });
  const assign = (name: string, value: string, type: string) => ({ id: name, name, value, type });
  const nodes = [
    node("in", "webhook", 2, { path: "order", httpMethod: "POST", responseMode: "lastNode", options: {} }, { webhookId: ID }),
    node("map", "set", 3.4, {
      assignments: {
        assignments: [
          assign("id", "={{ $json.body.id }}", "string"),
          assign("total", "={{ $json.body.lines.reduce((sum, one) => sum + one.price * one.quantity, 0) }}", "number"),
          assign("email", "={{ $json.body.customer.email.toLowerCase() }}", "string"),
        ],
      },
      options: {},
    }),
    node("check", "if", 2, {
      conditions: {
        options: { caseSensitive: true, leftValue: "", typeValidation: "loose" },
        conditions: [{ id: "c", leftValue: "={{ $json.total }}", rightValue: 0, operator: { type: "number", operation: "gte" } }],
        combinator: "and",
      },
      options: {},
    }),
    node("post", "httpRequest", 4.2, {
      method: "POST",
      url: target,
      sendBody: true,
      specifyBody: "json",
      jsonBody: "={{ JSON.stringify($json) }}",
      options: {},
    }),
  ];
  const connections = { in: to("map"), map: to("check"), check: to("post") };
  return { id: ID, name: "orders", active: true, nodes, connections, settings: { executionOrder: "v1" } };
};

/** n8n with the flow of orders, saving its executions as it does by default. */
export const startN8n: StartRival = async ({ port, folder, target }) => {
  const home = await install("n8n", { n8n: "2.40.7" });
  const bin = join(home, "node_modules/n8n/bin/n8n");
  const env = {
    N8N_USER_FOLDER: folder,
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: "127.0.0.1",
    N8N_DIAGNOSTICS_ENABLED: "false",
    N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
    N8N_TEMPLATES_ENABLED: "false",
    N8N_LOG_LEVEL: "error",
    N8N_RUNNERS_BROKER_PORT: String(port + 1),
  };
  const file = join(folder, "workflow.json");
  writeFileSync(file, JSON.stringify([workflow(target)]));
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [bin, ...args], { env: { ...process.env, ...env }, timeout: 180_000, maxBuffer: 10_000_000 });
  try {
    await run("import:workflow", `--input=${file}`);
    await run("publish:workflow", `--id=${ID}`).catch(() => run("update:workflow", `--id=${ID}`, "--active=true"));
  } catch (error) {
    throw new RivalError(`n8n does not take the workflow: ${error instanceof Error ? error.message.slice(-800) : error}`);
  }
  const child = startProcess(process.execPath, [bin, "start"], env, folder);
  const url = `http://127.0.0.1:${port}/webhook/order`;
  try {
    await child.ready(() => takes(url));
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { name: "n8n", keeps: "executions", url, pids: [child.pid], stop: child.stop };
};
