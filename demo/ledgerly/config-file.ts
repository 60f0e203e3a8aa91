import type { JsonWebKey } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** What a host needs to embed Inlay: where it is, the workspace, a signing key of it, and an API token for the backend's own calls. */
export interface LedgerlyConfig {
  /** Origin, without a trailing slash. */
  edgeUrl: string;
  workspaceId: string;
  kid: string;
  privateJwk: JsonWebKey;
  apiToken: string;
}

export type ConfigState = { state: "ready"; config: LedgerlyConfig } | { state: "starting" } | { state: "invalid"; message: string };

/** The file that `npm start` writes once the workspace exists; read again whenever it has changed. */
export class ConfigFile {
  readonly #path: string;
  #known: { stamp: string; state: ConfigState } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(): ConfigState {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    if (!stat) return { state: "starting" };
    const stamp = `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
    if (this.#known?.stamp !== stamp) this.#known = { stamp, state: parseConfig(readFileSync(this.#path, "utf8")) };
    return this.#known.state;
  }
}

function parseConfig(text: string): ConfigState {
  let data: Partial<Record<keyof LedgerlyConfig, unknown>> | null;
  try {
    data = JSON.parse(text);
  } catch {
    return { state: "starting" }; // half written
  }
  const { edgeUrl, workspaceId, kid, privateJwk, apiToken } = data ?? {};
  if (typeof edgeUrl !== "string" || !URL.canParse(edgeUrl)) return invalid("edgeUrl must be an origin");
  if (typeof workspaceId !== "string" || typeof kid !== "string" || typeof apiToken !== "string")
    return invalid("workspaceId, kid and apiToken must be text");
  if (!isEcKey(privateJwk)) return invalid("privateJwk must be a private EC key on P-256");
  return { state: "ready", config: { edgeUrl: new URL(edgeUrl).origin, workspaceId, kid, privateJwk, apiToken } };
}

const invalid = (why: string): ConfigState => ({ state: "invalid", message: `The file in LEDGERLY_CONFIG is not right: ${why}.` });

const isEcKey = (key: unknown): key is JsonWebKey =>
  typeof key === "object" && key !== null && "crv" in key && key.crv === "P-256" && "d" in key && typeof key.d === "string";
