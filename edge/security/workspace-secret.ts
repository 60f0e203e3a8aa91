import { and, eq } from "drizzle-orm";
import { catalogue } from "../db/catalogue.ts";
import { secrets } from "../db/schema.ts";
import type { Env } from "../env.ts";
import { openSecret } from "./seal.ts";

/** A secret of the workspace in plain, for calls to providers alone; undefined where it is not set. */
export async function readWorkspaceSecret(
  env: Pick<Env, "DB" | "INLAY_MASTER_KEY">,
  workspace: string,
  name: string,
): Promise<string | undefined> {
  const [row] = await catalogue(env)
    .select({ sealed: secrets.sealed })
    .from(secrets)
    .where(and(eq(secrets.workspace, workspace), eq(secrets.name, name)));
  return row && openSecret(env, workspace, `secret/${name}`, row.sealed);
}
