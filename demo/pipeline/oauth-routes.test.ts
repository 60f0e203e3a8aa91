import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJson } from "../testing/read-json.ts";
import { CLIENT, type PipelineFixture, pipelineFixture, type TokenAnswer } from "./testing/pipeline-fixture.ts";

describe("Pipeline's sign-in for apps", () => {
  let pipeline: PipelineFixture;
  let clock = Date.parse("2026-06-01T09:00:00Z");
  beforeAll(async () => {
    pipeline = await pipelineFixture({ now: () => clock });
  });
  afterAll(() => pipeline.close());

  test("asks who it is, shows the scopes, and returns with code, state and issuer", async () => {
    const browser = await pipeline.signIn();
    const page = await (await browser.get(pipeline.authorizePath())).text();
    expect(page).toContain("Allow Ledgerly?");
    expect(page).toContain("Add and change contacts");
    const back = await pipeline.consent(browser, "allow");
    expect(back.origin + back.pathname).toBe(CLIENT.redirectUris[0]);
    expect(back.searchParams.get("state")).toBe("abc");
    expect(back.searchParams.get("iss")).toBe(pipeline.url);
    const answer = await pipeline.redeem(back.searchParams.get("code") ?? "");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const tokens = await readJson<TokenAnswer>(answer);
    expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 600, scope: "contacts.read contacts.write offline_access" });
    const me = await readJson<{ account: object }>(pipeline.api("/me", {}, tokens.access_token));
    expect(me.account).toEqual({ id: "co_north", name: "Northlight Studio" });
  });

  test("shows a sign-in first where nobody is signed in, and leads back to the request", async () => {
    const page = await (await fetch(pipeline.url + pipeline.authorizePath())).text();
    expect(page).toContain("Continue as Ada Lovelace");
    expect(page).toContain('name="next" value="/oauth/authorize?');
  });

  test("tells the app that the person said no", async () => {
    const back = await pipeline.consent(await pipeline.signIn(), "deny");
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("state")).toBe("abc");
    expect(back.searchParams.has("code")).toBe(false);
  });

  test("takes the client's credentials in the body as well, and refuses a wrong secret", async () => {
    const back = await pipeline.consent(await pipeline.signIn(), "allow");
    const [redirect_uri = ""] = CLIENT.redirectUris;
    const form = { grant_type: "authorization_code", code: back.searchParams.get("code") ?? "", redirect_uri, client_id: CLIENT.id };
    const post = (client_secret: string) =>
      fetch(`${pipeline.url}/oauth/token`, { method: "POST", body: new URLSearchParams({ ...form, client_secret }) });
    expect((await post("wrong")).status).toBe(401);
    expect((await readJson<{ error: string }>(post(CLIENT.secret))).error).toBe("invalid_grant"); // no verifier: the secret itself was accepted
  });

  test("never redirects to an address that is not registered as it stands", async () => {
    const browser = await pipeline.signIn();
    for (const redirect_uri of [
      "http://localhost:8787/oauth/callback/",
      "http://localhost:8787/oauth/callback?x=1",
      "https://evil.example/",
    ]) {
      const response = await browser.get(pipeline.authorizePath({ redirect_uri }));
      expect(response.status).toBe(400);
      expect(response.headers.get("Location")).toBeNull();
    }
  });

  test.each([
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge: "" }, "invalid_request"],
    [{ scope: "contacts.delete" }, "invalid_scope"],
    [{ response_type: "token" }, "unsupported_response_type"],
  ])("refuses %o with %s", async (changes, error) => {
    const browser = await pipeline.signIn();
    const back = new URL((await browser.get(pipeline.authorizePath(changes))).headers.get("Location") ?? "");
    expect(back.searchParams.get("error")).toBe(error);
  });

  test("refuses a code whose verifier does not fit the challenge", async () => {
    const back = await pipeline.consent(await pipeline.signIn(), "allow");
    const answer = await pipeline.redeem(back.searchParams.get("code") ?? "", {
      code_verifier: "another-verifier-of-more-than-forty-three-characters",
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "invalid_grant", error_description: expect.stringContaining("code_verifier") });
  });

  test("a code that comes twice revokes what it gave the first time", async () => {
    const back = await pipeline.consent(await pipeline.signIn(), "allow");
    const code = back.searchParams.get("code") ?? "";
    const first = await readJson<TokenAnswer>(pipeline.redeem(code));
    expect((await pipeline.redeem(code)).status).toBe(400);
    expect((await pipeline.api("/me", {}, first.access_token)).status).toBe(401);
  });

  test("rotates refresh tokens: the new ones work", async () => {
    const first = await pipeline.connect();
    const second = await readJson<TokenAnswer>(pipeline.refresh(first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = await readJson<TokenAnswer>(pipeline.refresh(second.refresh_token));
    expect((await pipeline.api("/me", {}, third.access_token)).status).toBe(200);
  });

  test("a refresh token used twice revokes the whole sign-in, and only that one", async () => {
    const other = await pipeline.connect();
    const first = await pipeline.connect();
    const second = await readJson<TokenAnswer>(pipeline.refresh(first.refresh_token));
    const again = await pipeline.refresh(first.refresh_token);
    expect(await again.json()).toMatchObject({ error: "invalid_grant", error_description: expect.stringContaining("used before") });
    expect((await pipeline.refresh(second.refresh_token)).status).toBe(400);
    expect((await pipeline.api("/me", {}, second.access_token)).status).toBe(401);
    expect((await pipeline.api("/me", {}, other.access_token)).status).toBe(200);
  });

  test("access tokens expire: 401, and 200 with ok:false on the one route of the old style", async () => {
    const { access_token, refresh_token } = await pipeline.connect();
    clock += 600_000;
    const answer = await pipeline.api("/contacts", {}, access_token);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ ok: false, error: "token_expired" });
    const oldStyle = await pipeline.api("/tags", {}, access_token);
    expect(oldStyle.status).toBe(200);
    expect(await oldStyle.json()).toMatchObject({ ok: false, error: "token_expired" });
    const renewed = await readJson<TokenAnswer>(pipeline.refresh(refresh_token));
    expect((await pipeline.api("/contacts", {}, renewed.access_token)).status).toBe(200);
  });

  test("gives no refresh token without offline_access, and lets nobody write without contacts.write", async () => {
    const tokens = await pipeline.connect("ada", { scope: "contacts.read" });
    expect(tokens).not.toHaveProperty("refresh_token");
    const answer = await pipeline.api("/contacts/c_1", { method: "PATCH", body: "{}" }, tokens.access_token);
    expect(answer.status).toBe(403);
    expect((await readJson<{ error: string }>(answer)).error).toBe("insufficient_scope");
  });

  test("revokes by the app, and by the person on the page of connected apps", async () => {
    const first = await pipeline.connect("grace");
    const body = new URLSearchParams({ token: first.refresh_token, client_id: CLIENT.id, client_secret: CLIENT.secret });
    expect((await fetch(`${pipeline.url}/oauth/revoke`, { method: "POST", body })).status).toBe(200);
    expect((await pipeline.api("/me", {}, first.access_token)).status).toBe(401);

    const second = await pipeline.connect("grace");
    const browser = await pipeline.signIn("grace");
    const page = await (await browser.get("/apps")).text();
    const [path = ""] = /\/apps\/[^"]+\/revoke/.exec(page) ?? [];
    await browser.post(path, {});
    expect((await pipeline.api("/me", {}, second.access_token)).status).toBe(401);
    expect((await pipeline.refresh(second.refresh_token)).status).toBe(400);
  });

  test("a consent posted from another site is refused", async () => {
    const response = await fetch(pipeline.url + pipeline.authorizePath(), {
      method: "POST",
      headers: { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" },
      body: new URLSearchParams({ decision: "allow" }),
    });
    expect(response.status).toBe(403);
  });
});
