import { CommandError } from "../edge-access.ts";
import { readInput } from "./ask-user.ts";
import { keepLogin, readLogins } from "./kept-logins.ts";
import { withToken } from "./workspace-access.ts";

/**
 * Checks an API token against `url` and keeps it for later commands, which use its workspace from now on. The token is typed or piped in: on
 * a command line others would see it.
 */
export async function login(url: string, json = false): Promise<void> {
  const address = url.replace(/\/+$/, "");
  if (!/^https?:\/\//.test(address)) throw new CommandError("Say where: inlay login --url https://…");
  const token = process.env.INLAY_TOKEN ?? (await readInput(`API token of ${address}: `, { isHidden: true }));
  if (!token.startsWith("inlay_"))
    throw new CommandError("An API token begins with inlay_. Make one in the console, under Settings → API tokens.");
  const { workspace, member } = await withToken(address, token).json<{
    workspace: { id: string; name: string };
    member: { name: string; scopes: string[] };
  }>("");
  const path = keepLogin({ url: address, workspace: workspace.id, name: workspace.name, member: member.name, token });
  if (json) return console.log(JSON.stringify({ url: address, workspace, member }, null, 2));
  console.log(`Signed in to ${workspace.name} as “${member.name}” (${member.scopes.join(", ")}). Kept in ${path}.`);
  const others = readLogins().length - 1;
  if (others > 0)
    console.log(
      `Commands use ${workspace.name} from now on. inlay workspaces lists ${others} more; inlay workspaces switch NAME goes back.`,
    );
}
