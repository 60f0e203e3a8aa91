import type { Env } from "../env.ts";
import type { Change } from "./audited.ts";
import type { RateStanding } from "./limit-requests.ts";
import type { Member } from "./require-member.ts";
import type { TokenUser } from "./require-user.ts";

/** What Hono's context carries in every route. `user` is there behind `requireUser` alone, `member` behind `requireMember`; `changes`: `noteChange`; `rates`: what the answer tells of limits. */
export interface AppEnv {
  Bindings: Env;
  Variables: { requestId: string; user: TokenUser; member: Member; changes?: Change[]; rates?: RateStanding[] };
}
