// The two addresses that a user's browser visits when signing in at a provider. Nobody is trusted for being here: what counts is the
// state in the address together with the cookie of the browser that began, and the result is read from the server by the user's token.
import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { generateRandomCodeVerifier } from "oauth4webapi";
import type { AppFile } from "../../shared/flow/app-file.ts";
import { loadApps } from "../db/app-files.ts";
import { type AttemptEnd, type AttemptRow, beginAttempt, endAttempt, readAttempt, takeAttempt } from "../db/attempts.ts";
import { catalogue } from "../db/catalogue.ts";
import { loadVariables } from "../db/settings.ts";
import type { AppEnv } from "../http/app-env.ts";
import { noteChange } from "../http/audited.ts";
import { describe } from "../http/describe.ts";
import { page } from "../http/page.ts";
import { type PageLanguage, pageLanguage } from "../http/page-words.ts";
import { accountChange, storeProvenAccount } from "../http/store-account.ts";
import { findAuth } from "../providers/app/carry.ts";
import { authorizeUrl, exchangeCode, type GrantFault, readCallback } from "../providers/oauth/grants.ts";
import type { OAuthAuth, OAuthParty, SignInDeps } from "../providers/oauth/oauth-party.ts";
import { proveAccount } from "../providers/oauth/prove-account.ts";
import { withParty } from "../providers/oauth/sign-in.ts";
import { signInDeps } from "../providers/oauth/sign-in-deps.ts";
import { hashToken, randomToken } from "../security/random-token.ts";
import { openSecret, sealSecret } from "../security/seal.ts";

const TAG = "Accounts";
/** Seconds; as long as an attempt lives. */
const COOKIE_LIFE = 600;
const ATTEMPT_ID = /^att_[0-9A-Za-z]{22}$/;

/** Signing in by OAuth, as the user's browser goes through it. */
export const oauth = new Hono<AppEnv>()
  .get(
    "/oauth/start/:attempt",
    describe({ tag: TAG, summary: "Send the user's browser to the app's sign-in", security: "none", answers: { 302: null } }),
    async (c) => {
      const id = c.req.param("attempt");
      const language = languageOf(c, c.req.query("lang"));
      const db = catalogue(c.env);
      const known = ATTEMPT_ID.test(id) ? await readAttempt(db, id) : undefined;
      const opened = known && (await openAttempt(c, known));
      if (!known || !opened) return startOver(c, language);

      const browser = getCookie(c, cookieName(c, id)) ?? randomToken("");
      const state = `${id}.${randomToken("")}.${language.lang}`;
      const verifier = opened.auth.pkce === false ? null : generateRandomCodeVerifier();
      const bound = {
        stateHash: await hashToken(state),
        browserHash: await hashToken(browser),
        verifier: verifier && (await sealSecret(c.env, known.workspace, `attempt/${id}/verifier`, verifier)),
      };
      if (!(await beginAttempt(db, id, bound, Date.now()))) return startOver(c, language);
      const options = { redirectUri: redirectUri(c), state, verifier, extra: opened.auth.authorizeParams ?? {} };
      const target = await withParty(opened.app, opened.auth, opened.fields, opened.deps, async (party) => ({
        ok: true as const,
        url: await authorizeUrl(party, options),
      }));
      if (!target.ok) {
        const end = failure(opened.app, target);
        await endAttempt(db, id, end);
        return failed(c, language, opened.app.name, end);
      }
      setCookie(c, cookieName(c, id), browser, { ...cookieOptions(c), maxAge: COOKIE_LIFE });
      c.header("referrer-policy", "no-referrer");
      return c.redirect(target.url);
    },
  )
  .get(
    "/oauth/callback",
    describe({ tag: TAG, summary: "Where the app sends the user's browser back", security: "none", answers: { 200: null } }),
    async (c) => {
      const parameters = new URL(c.req.url).searchParams;
      const state = parameters.get("state") ?? "";
      const [id = "", , lang] = state.split(".");
      const language = languageOf(c, lang);
      const browser = ATTEMPT_ID.test(id) ? getCookie(c, cookieName(c, id)) : undefined;
      const db = catalogue(c.env);
      const row = browser ? await takeAttempt(db, await hashToken(state), await hashToken(browser)) : undefined;
      if (!row) return startOver(c, language);
      deleteCookie(c, cookieName(c, id), cookieOptions(c));
      const opened = await openAttempt(c, row);
      if (!opened) {
        await endAttempt(db, id, {
          status: "failed",
          reason: "expired",
          message: "Signing in took longer than ten minutes. Connect again.",
        });
        return startOver(c, language);
      }
      const end = await redeem(c, row, opened, parameters, state);
      await endAttempt(db, id, end);
      const { say } = language;
      const back = row.returnTo === null ? undefined : { href: row.returnTo, label: say("back", { host: new URL(row.returnTo).host }) };
      if (end.status === "failed") return failed(c, language, opened.app.name, end, back);
      const title = say("connected", { app: opened.app.name });
      if (back) return withoutReferrer(await page(c, { title, text: say("goOn"), language, link: back }));
      return withoutReferrer(await page(c, { title, text: `${say("close")} ${say("goOn")}`, language, closes: true }));
    },
  );

interface Opened {
  app: AppFile;
  auth: Extract<OAuthAuth, { type: "oauth2" }>;
  fields: Record<string, string>;
  deps: SignInDeps;
  variables: Record<string, string>;
}

/** What an attempt that is under way is about; undefined where it is over, or its app has gone. */
async function openAttempt(c: Context<AppEnv>, row: AttemptRow): Promise<Opened | undefined> {
  if (row.status !== "pending" || row.expiresAt < Date.now() || row.fields === null) return undefined;
  const db = catalogue(c.env);
  const [apps, variables] = await Promise.all([loadApps(db, row.workspace, [row.app]), loadVariables(db, row.workspace)]);
  const app = apps[row.app];
  const auth = app && findAuth(app, row.auth);
  if (!app || auth?.type !== "oauth2") return undefined;
  const fields = JSON.parse(await openSecret(c.env, row.workspace, `attempt/${row.id}/fields`, row.fields)) as Record<string, string>;
  return { app, auth, fields, variables, deps: signInDeps(c.env, row.workspace, variables) };
}

/** From what came back to a stored account, or to why there is none. */
async function redeem(
  c: Context<AppEnv>,
  row: AttemptRow,
  opened: Opened,
  parameters: URLSearchParams,
  state: string,
): Promise<AttemptEnd> {
  const { app, auth, fields, deps, variables } = opened;
  const tokens = await withParty(app, auth, fields, deps, (party) => takeTokens(c, row, party, parameters, state, deps.now()));
  if (!tokens.ok) return failure(app, tokens);
  const credentials = { auth: auth.key, fields, ...tokens.tokens };
  const proven = await proveAccount(app, auth, { credentials }, deps);
  if (!proven.ok) return failure(app, proven);
  const { workspace, user } = row;
  const stored = await storeProvenAccount(
    c.env,
    {
      ...{ workspace, user, app, variables, ...proven, account: row.account ?? undefined },
      ...{ key: row.key ?? undefined, label: row.label ?? undefined },
    },
    (work) => c.executionCtx.waitUntil(work),
  );
  const actor = { type: user === null ? ("member" as const) : ("user" as const), id: user ?? row.member ?? "unknown", name: null };
  if (stored.ok) noteChange(c, { ...accountChange(stored.existed ? "reconnected" : "connected", stored.row), actor });
  return stored.ok
    ? { status: "connected", account: stored.row.id, existed: stored.existed }
    : { status: "failed", reason: "invalid", message: stored.message, why: { code: "other_account", params: { app: app.name } } };
}

async function takeTokens(c: Context<AppEnv>, row: AttemptRow, party: OAuthParty, parameters: URLSearchParams, state: string, now: number) {
  const returned = readCallback(party, parameters, state);
  if (!returned.ok) return returned;
  const verifier = row.verifier === null ? null : await openSecret(c.env, row.workspace, `attempt/${row.id}/verifier`, row.verifier);
  return exchangeCode(party, returned.parameters, redirectUri(c), verifier, now);
}

type Failed = Extract<AttemptEnd, { status: "failed" }>;
type Fault = Pick<GrantFault, "message" | "params"> & { reason?: "denied" | "invalid" | "error"; kind?: GrantFault["kind"] };

/** `why` says it without English: what the provider said itself is quoted as its own. */
function failure(app: AppFile, { message, params, reason, kind }: Fault): Failed {
  const words = message.replace(/[.\s]+$/, "").slice(0, 300);
  const isQuote = params?.said !== undefined && params.status === undefined;
  if (reason === "denied")
    return { status: "failed", reason, message: `Access to ${app.name} was not allowed. Connect again, and allow it there.` };
  const advice = kind === "unavailable" ? "Try again later." : "Try again; if it stays, tell whoever offers this integration.";
  return {
    status: "failed",
    reason: reason ?? (kind === "denied" || kind === "address" ? "invalid" : "error"),
    message: isQuote ? `${app.name} says: “${words}”. ${advice}` : `${app.name}: ${words}. ${advice}`,
    why: { code: !kind || kind === "denied" ? "sign_in" : kind, params: { app: app.name, by: app.name, ...params } },
  };
}

const redirectUri = (c: Context<AppEnv>) => `${c.env.PUBLIC_URL}/oauth/callback`;
const isSecure = (c: Context<AppEnv>) => c.env.PUBLIC_URL.startsWith("https:");
const cookieName = (c: Context<AppEnv>, attempt: string) => `${isSecure(c) ? "__Host-" : ""}inlay-oauth-${attempt.slice(4)}`;
const cookieOptions = (c: Context<AppEnv>) => ({ path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure(c) }) as const;

/** The address names an attempt: it must not travel on. */
function withoutReferrer(response: Response): Response {
  response.headers.set("referrer-policy", "no-referrer");
  return response;
}

/** As the widget spoke that asked, else as the browser does. */
const languageOf = (c: Context<AppEnv>, wanted: string | undefined) => pageLanguage(wanted, c.req.header("accept-language"));

const startOver = async (c: Context<AppEnv>, language: PageLanguage) =>
  withoutReferrer(
    await page(c, {
      ...{ title: language.say("over"), text: language.say("overText"), language },
      ...{ status: 400, reason: "This sign-in cannot go on" },
    }),
  );

async function failed(c: Context<AppEnv>, language: PageLanguage, app: string, end: Failed, link?: { href: string; label: string }) {
  const { say } = language;
  const text = [reasonOf(language, app, end), ...(link ? [] : [say("close")])].join(" ");
  const told = { status: 400, reason: `${app} was not connected` } as const;
  return withoutReferrer(await page(c, { title: say("failed", { app }), text, language, ...told, ...(link ? { link } : {}) }));
}

/** Why an attempt failed. In English it is the edge's own sentence, which says more than words by code. */
function reasonOf({ lang, say }: PageLanguage, app: string, { reason, message, why }: Failed): string {
  if (lang === "en") return message;
  if (reason === "denied") return say("denied", { app });
  if (why?.code === "other_account") return say("other", { app });
  if (why?.code === "unavailable") return say("later", { app });
  const said = why?.params?.said;
  return [...(said === undefined ? [] : [say("says", { app, said: String(said) })]), say("again")].join(" ");
}
