import type { MemberSession } from "../../shared/api/member.ts";
import type { listSessions } from "../db/sessions.ts";

type Row = Awaited<ReturnType<typeof listSessions>>[number];

/** A session as it goes over the wire; `current` is the `ses_…` of whoever asks. */
export function toSession({ id, by, agent, createdAt, seenAt, expiresAt }: Row, current: string | null): MemberSession {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ id: id ?? "", by, agent, createdAt: time(createdAt), seenAt: seenAt === null ? null : time(seenAt) },
    ...{ expiresAt: time(expiresAt), current: id === current },
  };
}
