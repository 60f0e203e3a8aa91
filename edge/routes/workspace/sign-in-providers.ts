import { type Context, Hono } from "hono";
import { listOf } from "../../../shared/api/list.ts";
import { SignInProvider, SignInProviderWrite } from "../../../shared/api/member.ts";
import { catalogue } from "../../db/catalogue.ts";
import { isWithinRole, type Role } from "../../db/members.ts";
import { newId } from "../../db/new-id.ts";
import { endSessionsBy } from "../../db/sessions.ts";
import { deleteProvider, findProvider, listProviders, type SignInProviderRow, saveProvider } from "../../db/sign-in-providers.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { differing, noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { endMemberStreams } from "../../http/open-stream.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { sealSecret } from "../../security/seal.ts";

const tag = "Members";
const security = "member" as const;

/** OpenID providers that members sign in with. */
export const workspaceSignInProviders = new Hono<AppEnv>()
  .get(
    "/sign-in-providers",
    describe({ tag, summary: "List the providers that members sign in with", security, answers: { 200: listOf(SignInProvider) } }),
    requireMember("admin"),
    async (c) => {
      const rows = await listProviders(catalogue(c.env), c.var.member.workspace);
      return c.json({ items: rows.map((row) => toProvider(c, row)), nextCursor: null });
    },
  )
  .post(
    "/sign-in-providers",
    describe({
      tag,
      summary: "Let members sign in by an OpenID provider",
      description: "Register `redirectUri` there. An issuer that anybody can register at must tell `email_verified`.",
      security,
      answers: { 201: SignInProvider },
      problems: ["invalid"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", SignInProviderWrite),
    async (c) => {
      const row = await toRow(c, newId("sip"), undefined, c.req.valid("json"));
      await saveProvider(catalogue(c.env), row);
      noteChange(c, { action: "sign_in_provider.added", target: row.id, after: shown(row) });
      return c.json(toProvider(c, row), 201);
    },
  )
  .put(
    "/sign-in-providers/:id",
    describe({ tag, summary: "Change a provider", security, answers: { 200: SignInProvider }, problems: ["invalid", "not_found"] }),
    requireMember("admin"),
    capBody,
    validate("json", SignInProviderWrite),
    async (c) => {
      const before = await findProvider(catalogue(c.env), c.var.member.workspace, c.req.param("id"));
      if (!before) throw missing();
      const row = await toRow(c, before.id, before, c.req.valid("json"));
      await saveProvider(catalogue(c.env), row);
      noteChange(c, { action: "sign_in_provider.changed", target: row.id, ...differing(shown(before), shown(row)) });
      return c.json(toProvider(c, row));
    },
  )
  .delete(
    "/sign-in-providers/:id",
    describe({
      tag,
      summary: "Remove a provider; whoever signed in by it is signed out at once",
      security,
      answers: { 204: null },
      problems: ["not_found"],
    }),
    requireMember("admin"),
    async (c) => {
      const { workspace } = c.var.member;
      const db = catalogue(c.env);
      const before = await findProvider(db, workspace, c.req.param("id"));
      if (!before || !(await deleteProvider(db, workspace, before.id))) throw missing();
      const ended = await endSessionsBy(db, workspace, before.id);
      await endMemberStreams(c);
      noteChange(c, { action: "sign_in_provider.removed", target: before.id, before: shown(before), after: { ended } });
      return c.body(null, 204);
    },
  );

const missing = () => new ProblemError("not_found", "There is no such provider.");

const shown = ({ label, issuer, clientId, domains, role, sealed }: SignInProviderRow) => ({
  ...{ label, issuer, clientId, domains, role, hasSecret: sealed !== null },
});

async function toRow(
  c: Context<AppEnv>,
  id: string,
  before: SignInProviderRow | undefined,
  { clientSecret, role, ...rest }: ReturnType<typeof SignInProviderWrite.parse>,
): Promise<SignInProviderRow> {
  const { workspace, rank } = c.var.member;
  if (role !== null && !isWithinRole(rank, role))
    throw new ProblemError("forbidden", `Nobody can be let in as “${role}” by you: that is a stronger role than yours.`);
  const now = Date.now();
  const kept = clientSecret === undefined ? (before?.sealed ?? null) : null;
  const sealed = clientSecret ? await sealSecret(c.env, workspace, `sign-in/${id}`, clientSecret) : kept;
  return { id, workspace, ...rest, role, setBy: rank, sealed, createdAt: before?.createdAt ?? now, updatedAt: now };
}

function toProvider(c: Context<AppEnv>, row: SignInProviderRow): SignInProvider {
  const { id, role, createdAt } = row;
  const { PUBLIC_URL } = c.env;
  return {
    ...{ id, ...shown(row), role: role as Role | null },
    ...{ redirectUri: `${PUBLIC_URL}/auth/callback`, startUrl: `${PUBLIC_URL}/auth/start/${id}` },
    createdAt: new Date(createdAt).toISOString(),
  };
}
