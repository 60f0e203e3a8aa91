// Starts the demo's three servers: node demo/serve.ts. Everything it needs comes from the environment.
import { join, resolve } from "node:path";
import { PortTakenError, type RunningServer } from "./http/listen.ts";
import { startLedgerly } from "./ledgerly/server.ts";
import { startPipeline } from "./pipeline/server.ts";
import { startPostbox } from "./postbox/server.ts";

// Known to everyone who reads this: they open a demo that listens on this machine alone. `npm start` may set others.
const DEMO = {
  clientId: "ledgerly",
  clientSecret: "demo-secret-of-ledgerly-at-pipeline",
  pipelineToken: "plp_demo-token-of-northlight-studio",
  pipelineSouthToken: "plp_demo-token-of-southbay-freight",
  postboxKey: "pb_demo0northlight0studio00",
  postboxSouthKey: "pb_demo0southbay0freight000",
};

/** A setting in the environment that cannot be used. */
class SettingError extends Error {}

function portFrom(name: string, fallback: number): number {
  const text = process.env[name] || String(fallback);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new SettingError(`${name} must be a port number, not “${text}”.`);
  return port;
}

async function startAll(): Promise<RunningServer[]> {
  const { env } = process;
  const dataDir = resolve(env.INLAY_STATE || ".inlay/demo");
  const edgeUrl = (env.INLAY_EDGE_URL || "http://localhost:8787").replace(/\/$/, "");
  const seconds = Number(env.PIPELINE_TOKEN_SECONDS || "600");
  if (!(seconds > 0)) throw new SettingError(`PIPELINE_TOKEN_SECONDS must be a number of seconds, not “${env.PIPELINE_TOKEN_SECONDS}”.`);
  const [pipelinePort, postboxPort, ledgerlyPort] = [
    portFrom("PIPELINE_PORT", 8789),
    portFrom("POSTBOX_PORT", 8790),
    portFrom("LEDGERLY_PORT", 8788),
  ];
  const starting = [
    startPipeline({
      port: pipelinePort,
      dataDir,
      client: {
        id: env.PIPELINE_CLIENT_ID || DEMO.clientId,
        secret: env.PIPELINE_CLIENT_SECRET || DEMO.clientSecret,
        name: "Ledgerly",
        redirectUris: [`${edgeUrl}/oauth/callback`],
      },
      token: env.PIPELINE_TOKEN || DEMO.pipelineToken,
      southToken: env.PIPELINE_SOUTH_TOKEN || DEMO.pipelineSouthToken,
      lifetimes: { access: seconds },
    }),
    startPostbox({
      port: postboxPort,
      dataDir,
      key: env.POSTBOX_KEY || DEMO.postboxKey,
      southKey: env.POSTBOX_SOUTH_KEY || DEMO.postboxSouthKey,
    }),
    startLedgerly({
      port: ledgerlyPort,
      dataDir,
      configFile: resolve(env.LEDGERLY_CONFIG || join(dataDir, "ledgerly.json")),
    }),
  ];
  const results = await Promise.allSettled(starting);
  const failure = results.find((result) => result.status === "rejected");
  if (!failure) return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  await Promise.all(results.map((result) => result.status === "fulfilled" && result.value.close()));
  throw failure.reason;
}

async function main(): Promise<void> {
  const servers = await startAll();
  const [pipeline, postbox, ledgerly] = servers;
  console.log(`Ledgerly  ${ledgerly?.url}\nPipeline  ${pipeline?.url}\nPostbox   ${postbox?.url}`);
  const stop = () => {
    void Promise.all(servers.map((server) => server.close())).then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof PortTakenError || error instanceof SettingError ? error.message : error);
  process.exit(1);
});
