import { workspace } from "./api.ts";

export type Scope = "read" | "write" | "events" | "admin";

/** Who is signed in, and where. */
export interface Session {
  workspace: { id: string; name: string };
  member: { id: string; name: string; email: string | null; role: string | null; scopes: Scope[] };
}

export const readSession = (signal?: AbortSignal): Promise<Session> => workspace("", { signal });

/** Whether the member may do what needs `scope`: what may not be done is not offered. */
export function can({ member: { scopes } }: Session, scope: Scope): boolean {
  if (scopes.includes("admin") || scopes.includes(scope)) return true;
  return scopes.includes("write") && (scope === "read" || scope === "events");
}

/** Whether the member may run, retry and cancel. */
export const canOperate = (session: Session): boolean => can(session, "events");
