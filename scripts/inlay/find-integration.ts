import { CommandError } from "../edge-access.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

interface Listed {
  items: { id: string; name: string; flow: string; status: string }[];
}

/** The id of the integration: given as such, or the only one of a flow (by its key), of `user` where one is named. Throws `CommandError` where that is none or several. */
export async function findIntegration(access: WorkspaceAccess, given: string, user: string | undefined): Promise<string> {
  if (given.startsWith("int_")) return given;
  const ref =
    user === undefined ? "" : `&user=${encodeURIComponent((await access.json<{ id: string }>(`/users/${encodeURIComponent(user)}`)).id)}`;
  const { items } = await access.json<Listed>(`/integrations?flow=${encodeURIComponent(given)}&limit=20${ref}`);
  const [only, more] = items;
  if (!only) throw new CommandError(`There is no integration of the flow “${given}”${user === undefined ? "" : ` of the user “${user}”`}.`);
  if (!more) return only.id;
  const list = items.map(({ id, name, status }) => `  ${id}  ${name} (${status})`).join("\n");
  throw new CommandError(`The flow “${given}” has several integrations: name one, or its --user.\n${list}`);
}
