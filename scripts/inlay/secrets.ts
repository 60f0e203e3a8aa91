// Secrets of the workspace. A value is typed unseen or piped in: on a command line it would stand in the list of processes.
import { CommandError } from "../edge-access.ts";
import { askUser, readInput } from "./ask-user.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

const at = (name: string) => `/secrets/${encodeURIComponent(name)}`;

/** Prints the names of all secrets, and when each was last set. */
export async function listSecrets(access: WorkspaceAccess, json: boolean): Promise<void> {
  const { items } = await access.json<{ items: { name: string; updatedAt: string }[] }>("/secrets");
  if (json) console.log(JSON.stringify(items, null, 2));
  else for (const { name, updatedAt } of items) console.log(`${name.padEnd(32)} set ${updatedAt}`);
}

/** Sets a secret to what is typed or piped in; a line break at its end is left out. */
export async function setSecret(access: WorkspaceAccess, name: string): Promise<void> {
  const value = await readInput(`Value of ${name}: `, { isHidden: true });
  if (value === "") throw new CommandError("Nothing was given: the secret stays as it is.");
  await access.ask("PUT", at(name), { text: JSON.stringify({ value }), type: "application/json" });
  console.log(`${name} is set.`);
}

/** Forgets a secret, after asking. False where the answer is no. */
export async function deleteSecret(access: WorkspaceAccess, name: string, isSure: boolean): Promise<boolean> {
  if (!(await askUser(`Forget the secret ${name} of ${access.called}? What reads it will fail.`, isSure))) return false;
  await access.ask("DELETE", at(name));
  console.log(`${name} is forgotten.`);
  return true;
}
