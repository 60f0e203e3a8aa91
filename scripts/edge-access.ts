// Whom a command speaks to: the edge that it is told, else the local one that npm start serves.
import { existsSync, readFileSync } from "node:fs";
import { paths } from "./settings.ts";

/** What keeps a command from its work, in words for whoever typed it. Exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

interface Local {
  edgeUrl: string;
}

/** The local Inlay, as npm start has left it; undefined where there is none. */
function readLocal(): (Local & { bootstrapToken: string }) | undefined {
  if (!existsSync(paths.dev) || !existsSync(paths.secrets)) return undefined;
  const local = JSON.parse(readFileSync(paths.dev, "utf8")) as Local;
  const { bootstrapToken } = JSON.parse(readFileSync(paths.secrets, "utf8")) as { bootstrapToken: string };
  return { ...local, bootstrapToken };
}

export interface EdgeAccess {
  url: string;
  isLocal: boolean;
  /** Asks the edge; answers its JSON. Throws `CommandError` with the edge's own words where it refuses. */
  ask<T>(method: string, path: string): Promise<T>;
}

/** Access as the operator (INLAY_BOOTSTRAP_TOKEN), at `given` or INLAY_URL, else locally. */
export function openEdge(given?: string): EdgeAccess {
  const chosen = given ?? process.env.INLAY_URL;
  const local = chosen === undefined ? readLocal() : undefined;
  const url = (chosen ?? local?.edgeUrl)?.replace(/\/+$/, "");
  if (url === undefined) throw new CommandError("Which Inlay? Run npm start first, or name one: --url https://…");
  const token = process.env.INLAY_BOOTSTRAP_TOKEN ?? local?.bootstrapToken;
  if (token === undefined) throw new CommandError(`Set INLAY_BOOTSTRAP_TOKEN to the bootstrap token of ${url}.`);
  const ask = async <T>(method: string, path: string): Promise<T> => {
    const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } }).catch((error: Error) => {
      throw new CommandError(`${url} does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}`);
    });
    const answer = (await response.json().catch(() => ({}))) as { detail?: string };
    if (!response.ok) throw new CommandError(answer.detail ?? `${url}${path} answered ${response.status}.`);
    return answer as T;
  };
  return { url, isLocal: local !== undefined, ask };
}
