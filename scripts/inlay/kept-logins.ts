// What login keeps: a token for each workspace, the one that commands use first.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError } from "../edge-access.ts";

/** A workspace that was signed in to. `workspace` and `name` are empty where an earlier release has kept it. */
export interface Login {
  url: string;
  workspace: string;
  name: string;
  /** Whose token it is. */
  member: string;
  token: string;
}

/** Where they are kept: `INLAY_CONFIG`, else the user's configuration folder. Readable by this user alone. */
const keptAt = () => process.env.INLAY_CONFIG ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "inlay", "login.json");

/** All that are kept; the first is the one in use. */
export function readLogins(): Login[] {
  const path = keptAt();
  if (!existsSync(path)) return [];
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as { logins?: Login[]; url?: string; tokens?: Record<string, string> };
    const early = Object.entries(kept.tokens ?? {}).map(([url, token]) => ({ url, workspace: "", name: "", member: "", token }));
    return kept.logins ?? early.sort((a, b) => Number(b.url === kept.url) - Number(a.url === kept.url));
  } catch {
    throw new CommandError(`${path} is damaged. Remove it, and run inlay login again.`);
  }
}

function write(logins: readonly Login[]): string {
  const path = keptAt();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify({ logins }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

/** Puts a login first, in place of an earlier one for the same workspace. Answers where it is kept. */
export function keepLogin(login: Login): string {
  const isOther = ({ url, workspace }: Login) => url !== login.url || (workspace !== login.workspace && workspace !== "");
  return write([login, ...readLogins().filter(isOther)]);
}

/** Forgets a login on this machine; its token goes on being good. */
export function forgetLogin(login: Login): void {
  write(readLogins().filter(({ url, workspace }) => url !== login.url || workspace !== login.workspace));
}

/** The one login for the workspace of this id or name, at `url` where that is given. Throws `CommandError` where there is none, or several. */
export function findLogin(wanted: string, url?: string): Login {
  const logins = readLogins();
  const found = logins.filter(
    (one) =>
      (url === undefined || one.url === url) &&
      (one.workspace === wanted || one.name.toLocaleLowerCase() === wanted.toLocaleLowerCase()) &&
      wanted !== "",
  );
  const [only, another] = found;
  if (only && !another) return only;
  if (another) {
    const which = found.map((one) => `${one.workspace} at ${one.url}`).join(", ");
    throw new CommandError(`Several workspaces are called “${wanted}”: ${which}. Name one by its id.`);
  }
  const known = logins.flatMap(({ name }) => (name ? [`“${name}”`] : [])).join(", ");
  const hint = known ? `You are signed in to ${known}` : "You are signed in to none";
  throw new CommandError(`You are not signed in to a workspace “${wanted}”. ${hint}; inlay login --url URL adds one.`);
}
