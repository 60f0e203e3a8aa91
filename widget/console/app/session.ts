import { workspace } from "./api.ts";

export type Scope = "read" | "write" | "events" | "admin";

/** Who is signed in, and where. */
export interface Session {
  workspace: { id: string; name: string };
  /** `flows`: roles on single flows, which add to `role`. */
  member: {
    id: string;
    name: string;
    email: string | null;
    role: string | null;
    scopes: Scope[];
    flows?: { flow: string; role: string }[];
  };
}

const FLOW_SCOPES: Record<string, Scope[]> = { builder: ["write"], operator: ["read", "events"], viewer: ["read"] };

export const readSession = (signal?: AbortSignal): Promise<Session> => workspace("", { signal });

/** Whether the member may do what needs `scope`: what may not be done is not offered. */
export function can({ member: { scopes } }: Session, scope: Scope): boolean {
  if (scopes.includes("admin") || scopes.includes(scope)) return true;
  return scopes.includes("write") && (scope === "read" || scope === "events");
}

/** Whether the member may run, retry and cancel. */
export const canOperate = (session: Session): boolean => can(session, "events");

/** What the member may do on one flow: what they may anyway, and what their role on it adds. */
export function onFlow(session: Session, flow: string): Session {
  const role = session.member.flows?.find((one) => one.flow === flow)?.role;
  const scopes = [...new Set([...session.member.scopes, ...(FLOW_SCOPES[role ?? ""] ?? [])])];
  return role ? { ...session, member: { ...session.member, scopes } } : session;
}
