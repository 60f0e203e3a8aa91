import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { catalogue } from "../../db/catalogue.ts";
import { listSigningKeys, putSigningKey, revokeSigningKey } from "../../db/keys.ts";
import { createSignInLink, ensureMember, findMember, isWithinRole, ROLES } from "../../db/members.ts";
import { createApiToken, listApiTokens, revokeApiToken, SCOPES } from "../../db/tokens.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { limitRate, SIGN_IN_LINKS } from "../../http/limit-rate.ts";
import { endAllStreams, endMemberStreams } from "../../http/open-stream.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { importSigningKey, SIGNING_ALGORITHMS } from "../../security/user-token.ts";

const Kid = z.object({ kid: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, "use letters, digits, . _ or -") });
const MEMBERS = ["kty", "crv", "x", "y", "n", "e", "d", "k"];
/** The members of a JWK that make a key; what else it says of itself (`use`, `key_ops`, …) is dropped. */
const PublicJwk = z.record(z.string(), z.unknown()).transform((jwk): JsonWebKey & { kty: string } => {
  const strings = MEMBERS.flatMap((name) => (typeof jwk[name] === "string" ? [[name, jwk[name]] as const] : []));
  return { kty: "", ...Object.fromEntries(strings) };
});
const KeyWrite = z.object({ alg: z.enum(SIGNING_ALGORITHMS), publicJwk: PublicJwk });
const KeyRow = z.object({ kid: z.string(), alg: z.string(), createdAt: z.string(), revokedAt: z.string().nullable() });
const TokenWrite = z.object({
  name: z.string().min(1).max(200),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expiresAt: z.iso.datetime().optional(),
});
const TokenRow = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  member: z
    .string()
    .nullable()
    .meta({ description: "Address of the member whose it is, and with whom it ends; null: the workspace's own" }),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
const SignInLink = z.object({ email: z.email(), role: z.enum(ROLES).default("owner") });
const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Who may come in: signing keys of the host, API tokens, sign-in links of members. */
export const workspaceAccess = new Hono<AppEnv>()
  .get(
    "/keys",
    describe({ tag: "Access", summary: "List signing keys", security: "member", answers: { 200: listOf(KeyRow) } }),
    requireMember("read"),
    async (c) => {
      const rows = await listSigningKeys(catalogue(c.env), c.var.member.workspace);
      const items = rows.map(({ kid, alg, createdAt, revokedAt }) => ({
        kid,
        alg,
        createdAt: new Date(createdAt).toISOString(),
        revokedAt: time(revokedAt),
      }));
      return c.json({ items, nextCursor: null });
    },
  )
  .put(
    "/keys/:kid",
    describe({
      tag: "Access",
      summary: "Register the public half of a key that the host signs user tokens with",
      security: "member",
      answers: { 204: null },
      problems: ["invalid"],
    }),
    requireMember("admin"),
    capBody,
    validate("param", Kid),
    validate("json", KeyWrite),
    async (c) => {
      const { alg, publicJwk } = c.req.valid("json");
      await importSigningKey(publicJwk, alg).catch((error: Error) => {
        throw new ProblemError("invalid", error.message, { errors: [{ path: "publicJwk", code: "invalid", message: error.message }] });
      });
      const { kid } = c.req.valid("param");
      await putSigningKey(catalogue(c.env), c.var.member.workspace, { kid, alg, publicJwk });
      noteChange(c, { action: "key.registered", target: kid, after: { alg, publicJwk } });
      return c.body(null, 204);
    },
  )
  .delete(
    "/keys/:kid",
    describe({
      tag: "Access",
      summary: "Revoke a signing key; its tokens stop within 60 s",
      security: "member",
      answers: { 204: null },
      problems: ["not_found"],
    }),
    requireMember("admin"),
    validate("param", Kid),
    async (c) => {
      const { kid } = c.req.valid("param");
      if (!(await revokeSigningKey(catalogue(c.env), c.var.member.workspace, kid)))
        throw new ProblemError("not_found", "There is no such key.");
      await endAllStreams(c);
      noteChange(c, { action: "key.revoked", target: kid });
      return c.body(null, 204);
    },
  )
  .get(
    "/tokens",
    describe({ tag: "Access", summary: "List API tokens", security: "member", answers: { 200: listOf(TokenRow) } }),
    requireMember("admin"),
    async (c) => {
      const rows = await listApiTokens(catalogue(c.env), c.var.member.workspace);
      const items = rows.map((row) => ({
        ...row,
        createdAt: new Date(row.createdAt).toISOString(),
        expiresAt: time(row.expiresAt),
        lastUsedAt: time(row.lastUsedAt),
      }));
      return c.json({ items, nextCursor: null });
    },
  )
  .post(
    "/tokens",
    describe({
      tag: "Access",
      summary: "Make an API token; it is shown this once",
      description:
        "It is yours: it can do no more than you can, and ends when you are removed. One made with a token of the workspace's own is the workspace's.",
      security: "member",
      answers: { 201: z.object({ id: z.string(), token: z.string() }) },
      problems: ["invalid"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", TokenWrite),
    async (c) => {
      const { name, scopes, expiresAt } = c.req.valid("json");
      const expires = expiresAt === undefined ? null : Date.parse(expiresAt);
      const { workspace, rank, person } = c.var.member;
      const made = await createApiToken(catalogue(c.env), workspace, { name, scopes, expiresAt: expires, role: rank, member: person });
      noteChange(c, { action: "token.created", target: made.id, after: { name, scopes, expiresAt: expiresAt ?? null } });
      return c.json(made, 201);
    },
  )
  .delete(
    "/tokens/:id",
    describe({
      tag: "Access",
      summary: "Revoke an API token at once",
      security: "member",
      answers: { 204: null },
      problems: ["not_found"],
    }),
    requireMember("admin"),
    async (c) => {
      if (!(await revokeApiToken(catalogue(c.env), c.var.member.workspace, c.req.param("id"))))
        throw new ProblemError("not_found", "There is no such token.");
      await endMemberStreams(c);
      noteChange(c, { action: "token.revoked", target: c.req.param("id") });
      return c.body(null, 204);
    },
  )
  .post(
    "/sign-in-links",
    describe({
      tag: "Access",
      summary: "Make a link that signs a member in to the console once, within 15 minutes",
      security: "member",
      answers: { 201: z.object({ url: z.string() }) },
      problems: ["invalid"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", SignInLink),
    async (c) => {
      const { email, role } = c.req.valid("json");
      const { workspace } = c.var.member;
      await limitRate(c.env, workspace, "sign-in-links", SIGN_IN_LINKS);
      const db = catalogue(c.env);
      const asked = (await findMember(db, workspace, email))?.role ?? role;
      if (!isWithinRole(c.var.member.rank, asked))
        throw new ProblemError("forbidden", `You cannot sign in an ${asked}: that is a stronger role than yours.`);
      const link = await createSignInLink(db, workspace, await ensureMember(db, workspace, email, role));
      noteChange(c, { action: "member.sign_in_link_made", target: email.toLowerCase(), after: { role: asked } });
      return c.json({ url: `${c.env.PUBLIC_URL}/auth/sign-in?token=${link}` }, 201);
    },
  );
