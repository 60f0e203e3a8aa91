import { CommandError } from "../edge-access.ts";
import { readInput } from "./ask-user.ts";
import { keepLogin, withToken } from "./workspace-access.ts";

/** Checks an API token against `url` and keeps it for later commands. The token is typed or piped in: on a command line others would see it. */
export async function login(url: string, json = false): Promise<void> {
  const address = url.replace(/\/+$/, "");
  if (!/^https?:\/\//.test(address)) throw new CommandError("Say where: inlay login --url https://…");
  const token = process.env.INLAY_TOKEN ?? (await readInput(`API token of ${address}: `, { isHidden: true }));
  if (!token.startsWith("inlay_"))
    throw new CommandError("An API token begins with inlay_. Make one in the console, under Settings → API tokens.");
  const { workspace, member } = await withToken(address, token).json<{
    workspace: { name: string };
    member: { name: string; scopes: string[] };
  }>("");
  const path = keepLogin(address, token);
  if (json) console.log(JSON.stringify({ url: address, workspace, member }, null, 2));
  else console.log(`Signed in to ${workspace.name} as “${member.name}” (${member.scopes.join(", ")}). Kept in ${path}.`);
}
