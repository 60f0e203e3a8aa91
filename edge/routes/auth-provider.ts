// Signing in to the console by an OpenID provider of the workspace. The state is good for one return, for ten minutes, in the browser that
// began; the way there begins on a page of ours (browsers tell by Sec-Fetch-Site), so that no other site signs anybody in.
import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { generateRandomCodeVerifier } from "oauth4webapi";
import { z } from "zod";
import { listOf } from "../../shared/api/list.ts";
import { catalogue } from "../db/catalogue.ts";
import { startSession } from "../db/sessions.ts";
import {
  findProvider,
  insertMemberAttempt,
  providersOfDomain,
  readProvider,
  type SignInProviderRow,
  takeMemberAttempt,
} from "../db/sign-in-providers.ts";
import { admitMember } from "../http/admit-member.ts";
import type { AppEnv } from "../http/app-env.ts";
import { noteChange } from "../http/audited.ts";
import { describe } from "../http/describe.ts";
import { limitRate, SIGN_INS } from "../http/limit-rate.ts";
import { page } from "../http/page.ts";
import { validate } from "../http/validate.ts";
import { guardedFetch } from "../providers/http/guarded-fetch.ts";
import { identifyMember, memberAuthorizeUrl, type OidcFault } from "../providers/oidc/member-sign-in.ts";
import { hashToken, randomToken } from "../security/random-token.ts";
import { openSecret, sealSecret } from "../security/seal.ts";
import { noteSignIn, openingOf, setSession } from "./auth.ts";

/** How long (ms) a member has for signing in at the provider. */
const LIFE = 600_000;
const PROVIDER_ID = /^sip_[0-9A-Za-z]{22}$/;

export const authProvider = new Hono<AppEnv>()
  .get(
    "/auth/providers",
    describe({
      tag: "Access",
      summary: "By which providers members with this address sign in",
      description: "Go on at `/auth/start/{id}`.",
      security: "none",
      answers: { 200: listOf(z.object({ id: z.string(), label: z.string() })) },
      problems: ["bad_request"],
    }),
    validate("query", z.object({ email: z.email().max(320) })),
    async (c) => {
      const { email } = c.req.valid("query");
      const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
      return c.json({ items: await providersOfDomain(catalogue(c.env), domain), nextCursor: null });
    },
  )
  .get("/auth/start/:provider", async (c) => {
    const provider = await load(c);
    if (!provider) return unknownProvider(c);
    const from = c.req.header("sec-fetch-site");
    if (from === undefined || from === "same-origin") return begin(c, provider);
    return page(c, {
      title: `Sign in with ${provider.label}`,
      text: `You are about to sign in to the console of ${provider.workspaceName} on this device.`,
      link: { href: `/auth/start/${provider.id}`, label: `Go on with ${provider.label}` },
    });
  })
  .get("/auth/callback", async (c) => {
    const returned = new URL(c.req.url).searchParams;
    const state = returned.get("state") ?? "";
    const browser = getCookie(c, cookieName(c));
    const db = catalogue(c.env);
    const attempt = browser && state ? await takeMemberAttempt(db, await hashToken(state), await hashToken(browser)) : undefined;
    deleteCookie(c, cookieName(c), cookieOptions(c));
    const provider = attempt && (await findProvider(db, attempt.workspace, attempt.provider));
    if (!provider || attempt.expiresAt < Date.now())
      return notSignedIn(c, "This sign-in is over, was begun in another browser, or was not begun here. Begin again from the console.");
    const { workspace, id, sealed } = provider;
    const client = { ...provider, secret: sealed && (await openSecret(c.env, workspace, `sign-in/${id}`, sealed)) };
    const verifier = await openSecret(c.env, workspace, `sign-in/${id}/verifier`, attempt.verifier);
    const went = { state, nonce: attempt.nonce, verifier, redirectUri: redirectUri(c) };
    const identified = await identifyMember(client, went, returned, guardedFetch(c.env));
    if (!identified.ok) return notSignedIn(c, wordsOf(provider, identified));
    const admitted = await admitMember(db, provider, identified.identity);
    if (!admitted.ok) return notSignedIn(c, admitted.message);
    const { member, how } = admitted;
    setSession(c, await startSession(db, { workspace, member }, { ...openingOf(c), by: id }));
    if (how === "known") await noteSignIn(c, workspace, member, id);
    else {
      const { email, subject } = identified.identity;
      const actor = { type: "member" as const, id: member, name: email };
      noteChange(c, { action: `member.${how}`, target: member, workspace, actor, after: { by: id, email, subject } });
    }
    return c.redirect("/console", 303);
  });

async function load(c: Context<AppEnv>) {
  const id = c.req.param("provider") ?? "";
  return PROVIDER_ID.test(id) ? readProvider(catalogue(c.env), id) : undefined;
}

/** Sends the browser to the provider, bound to what must come back. */
async function begin(c: Context<AppEnv>, provider: SignInProviderRow): Promise<Response> {
  const { workspace, id } = provider;
  await limitRate(c.env, workspace, "sign-ins", SIGN_INS);
  const [state, nonce, verifier] = [randomToken(""), randomToken(""), generateRandomCodeVerifier()];
  const browser = randomToken("");
  const attempt = { state, nonce, verifier, redirectUri: redirectUri(c) };
  const target = await memberAuthorizeUrl({ ...provider, secret: null }, attempt, guardedFetch(c.env));
  if (!target.ok) return notSignedIn(c, wordsOf(provider, target));
  const now = Date.now();
  await insertMemberAttempt(
    catalogue(c.env),
    {
      ...{ stateHash: await hashToken(state), browserHash: await hashToken(browser), workspace, provider: id, nonce },
      verifier: await sealSecret(c.env, workspace, `sign-in/${id}/verifier`, verifier),
      expiresAt: now + LIFE,
    },
    now,
  );
  setCookie(c, cookieName(c), browser, { ...cookieOptions(c), maxAge: LIFE / 1000 });
  c.header("referrer-policy", "no-referrer");
  return c.redirect(target.url, 303);
}

const redirectUri = (c: Context<AppEnv>) => `${c.env.PUBLIC_URL}/auth/callback`;
const isSecure = (c: Context<AppEnv>) => c.env.PUBLIC_URL.startsWith("https:");
const cookieName = (c: Context<AppEnv>) => (isSecure(c) ? "__Host-inlay-sign-in" : "inlay-sign-in");
const cookieOptions = (c: Context<AppEnv>) => ({ path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure(c) }) as const;

function wordsOf({ label }: SignInProviderRow, { kind, message }: OidcFault): string {
  const words = message.replace(/[.\s]+$/, "").slice(0, 300);
  if (kind === "denied") return `Signing in was not allowed at ${label}. Try again, and allow it there.`;
  if (kind === "unavailable") return `${label} does not answer: ${words}. Try again later.`;
  if (kind === "setting") return `${label} is not set up as it should be: ${words}. Tell an administrator of the workspace.`;
  return `What ${label} sent back cannot be trusted: ${words}. Begin again from the console.`;
}

const unknownProvider = (c: Context<AppEnv>) => notSignedIn(c, "There is no such way to sign in. It may have been removed.");
const notSignedIn = (c: Context<AppEnv>, text: string) => page(c, { title: "You are not signed in", text, status: 400 });
