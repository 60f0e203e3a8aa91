import type { Env } from "../../env.ts";
import { readWorkspaceSecret } from "../../security/workspace-secret.ts";
import { guardedFetch } from "../http/guarded-fetch.ts";
import type { SignInDeps } from "./oauth-party.ts";

/** What signing in needs, from the Worker's bindings. `variables` are the workspace's. */
export const signInDeps = (env: Env, workspace: string, variables: Record<string, string>): SignInDeps => ({
  env: variables,
  fetch: guardedFetch(env),
  now: Date.now,
  readSecret: (name) => readWorkspaceSecret(env, workspace, name),
});
