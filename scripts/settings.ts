// Where a local Inlay lives: its ports and its state folder. Environment variables move it, so that several can run side by side.
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");

const number = (name: string, fallback: number) => Number(process.env[name] ?? fallback);

/** Ports, and the folder that holds everything a local Inlay keeps. */
export const settings = {
  edgePort: number("INLAY_PORT", 8787),
  demoPort: number("INLAY_DEMO_PORT", 8788),
  pipelinePort: number("INLAY_PIPELINE_PORT", 8789),
  postboxPort: number("INLAY_POSTBOX_PORT", 8790),
  state: resolve(ROOT, process.env.INLAY_STATE ?? ".inlay"),
};

/** Names inside the state folder. */
export const paths = {
  edgeEnv: join(settings.state, "edge.env"),
  secrets: join(settings.state, "secrets.json"),
  dev: join(settings.state, "dev.json"),
  ledgerly: join(settings.state, "ledgerly.json"),
  pids: join(settings.state, "pids.json"),
  storage: join(settings.state, "storage"),
  demo: join(settings.state, "demo"),
  assets: join(settings.state, "assets"),
  /** Where `npm start` builds what it then serves from `assets`. */
  built: join(settings.state, "built"),
};

/** Keeps wrangler offline and quiet. */
export const QUIET_WRANGLER = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  X_LOCAL_OBSERVABILITY: "false",
};
