import type { Context } from "hono";
import type { AppFile } from "../../shared/flow/app-file.ts";
import { loadApps } from "../db/app-files.ts";
import { catalogue } from "../db/catalogue.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

/** The app with this key that the member's workspace may use: its own, else the one of the catalogue. Throws `not_found`. */
export async function workspaceApp(c: Context<AppEnv>, key: string): Promise<AppFile> {
  const apps = await loadApps(catalogue(c.env), c.var.member.workspace, [key]);
  const app = Object.hasOwn(apps, key) ? apps[key] : undefined;
  if (!app) throw new ProblemError("not_found", "There is no app with this key in the workspace.");
  return app;
}
