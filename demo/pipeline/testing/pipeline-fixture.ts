import { createHash } from "node:crypto";
import { BrowserSession } from "../../testing/browser-session.ts";
import { readJson } from "../../testing/read-json.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { type PipelineOptions, startPipeline } from "../server.ts";

export const CLIENT = { id: "host", secret: "s3cret:with&signs", name: "Ledgerly", redirectUris: ["http://localhost:8787/oauth/callback"] };
export const PERSONAL_TOKEN = "plp_of-the-tests";
export const VERIFIER = "a-verifier-that-is-at-least-forty-three-characters-long";
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

export interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
}

/** A Pipeline with data of its own on a free port, and the moves that tests make on it. */
export async function pipelineFixture(options: Partial<PipelineOptions> = {}) {
  const folder = temporaryFolder();
  const dataDir = options.dataDir ?? folder.path;
  const server = await startPipeline({ port: 0, host: "127.0.0.1", dataDir, client: CLIENT, token: PERSONAL_TOKEN, ...options });
  const authorizePath = (changes: Record<string, string> = {}) => {
    const [redirect_uri = ""] = CLIENT.redirectUris;
    const base = { response_type: "code", client_id: CLIENT.id, redirect_uri, state: "abc", code_challenge: CHALLENGE };
    const scope = "contacts.read contacts.write offline_access";
    return `/oauth/authorize?${new URLSearchParams({ ...base, code_challenge_method: "S256", scope, ...changes })}`;
  };
  const signIn = async (person = "ada") => {
    const browser = new BrowserSession(server.url);
    await browser.post("/sign-in", { person, next: "/contacts" });
    return browser;
  };
  /** Where the consent leads. */
  const consent = async (browser: BrowserSession, decision: "allow" | "deny", changes: Record<string, string> = {}) => {
    const response = await browser.post(authorizePath(changes), { decision });
    return new URL(response.headers.get("Location") ?? "about:blank");
  };
  const token = (fields: Record<string, string>) => {
    const basic = `${encodeURIComponent(CLIENT.id)}:${encodeURIComponent(CLIENT.secret)}`;
    const headers = { Authorization: `Basic ${Buffer.from(basic).toString("base64")}` };
    return fetch(`${server.url}/oauth/token`, { method: "POST", headers, body: new URLSearchParams(fields) });
  };
  const redeem = (code: string, changes: Record<string, string> = {}) => {
    const [redirect_uri = ""] = CLIENT.redirectUris;
    return token({ grant_type: "authorization_code", code, redirect_uri, code_verifier: VERIFIER, ...changes });
  };
  /** All of the dance, as a person who allows it. */
  const connect = async (person = "ada", changes: Record<string, string> = {}): Promise<TokenAnswer> => {
    const back = await consent(await signIn(person), "allow", changes);
    return readJson<TokenAnswer>(redeem(back.searchParams.get("code") ?? ""));
  };
  const refresh = (refresh_token: string) => token({ grant_type: "refresh_token", refresh_token });
  const api = (path: string, init: RequestInit = {}, bearer = PERSONAL_TOKEN) => {
    const headers = { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json", ...init.headers };
    return fetch(`${server.url}/v1${path}`, { ...init, headers });
  };
  const close = async () => {
    await server.close();
    folder.remove();
  };
  return { url: server.url, authorizePath, signIn, consent, token, redeem, connect, refresh, api, close };
}

export type PipelineFixture = Awaited<ReturnType<typeof pipelineFixture>>;
