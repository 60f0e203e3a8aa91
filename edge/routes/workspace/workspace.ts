import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { MEMBER_FLOW_ROLES } from "../../../shared/api/member.ts";
import { catalogue } from "../../db/catalogue.ts";
import { listFlowRoles } from "../../db/flow-roles.ts";
import { workspaces } from "../../db/schema.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { describe } from "../../http/describe.ts";
import { requireMember } from "../../http/require-member.ts";
import { workspaceAccess } from "./access.ts";
import { workspaceAccounts } from "./accounts.ts";
import { workspaceApps } from "./apps.ts";
import { workspaceAudit } from "./audit.ts";
import { workspaceIntegrations } from "./integrations.ts";
import { workspaceManage } from "./manage.ts";
import { workspaceMembers } from "./members.ts";
import { workspaceNotifications } from "./notifications.ts";
import { workspacePeople } from "./people.ts";
import { workspaceRuns } from "./runs.ts";
import { workspaceSessions } from "./sessions.ts";
import { workspaceSettings } from "./settings.ts";
import { workspaceSignInProviders } from "./sign-in-providers.ts";
import { workspaceStream } from "./stream.ts";

const Me = z.object({
  workspace: z.object({ id: z.string(), name: z.string() }),
  member: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: z.string().nullable(),
    scopes: z.array(z.string()),
    /** Roles on single flows, which add to `role`. */
    flows: z.array(z.object({ flow: z.string(), role: z.enum(MEMBER_FLOW_ROLES) })),
  }),
});

/** Everything below `/v1/workspace`: for the host's backend and members, with an API token or a session. */
export const workspace = new Hono<AppEnv>()
  .get(
    "/",
    describe({ tag: "Workspace", summary: "Which workspace this is, and who asks", security: "member", answers: { 200: Me } }),
    requireMember("read"),
    async (c) => {
      const { workspace: id, flows, session: _, rank: __, person: ___, ...member } = c.var.member;
      const db = catalogue(c.env);
      const roles = Object.keys(flows).length ? await listFlowRoles(db, id, member.id) : [];
      const [row] = await db.select({ id: workspaces.id, name: workspaces.name }).from(workspaces).where(eq(workspaces.id, id));
      const own = roles.map(({ flow, role }) => ({ flow, role }));
      return c.json({ workspace: row ?? { id, name: "" }, member: { ...member, flows: own } });
    },
  )
  .route("/", workspaceManage)
  .route("/apps", workspaceApps)
  .route("/accounts", workspaceAccounts)
  .route("/", workspaceSettings)
  .route("/", workspaceAccess)
  .route("/", workspacePeople)
  .route("/", workspaceMembers)
  .route("/", workspaceSessions)
  .route("/", workspaceSignInProviders)
  .route("/", workspaceIntegrations)
  .route("/", workspaceAudit)
  .route("/notifications", workspaceNotifications)
  .route("/", workspaceRuns)
  .route("/", workspaceStream);
