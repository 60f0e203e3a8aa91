import { afterAll, beforeAll, expect, test } from "vitest";
import { type PipelineFixture, pipelineFixture } from "./testing/pipeline-fixture.ts";

let pipeline: PipelineFixture;
beforeAll(async () => {
  pipeline = await pipelineFixture();
});
afterAll(() => pipeline.close());

test("asks who it is before it shows anything, and leads back to the page that was asked for", async () => {
  const page = await (await fetch(`${pipeline.url}/contacts/c_1`)).text();
  expect(page).toContain('name="next" value="/contacts/c_1"');
  expect(page).not.toContain("terntide");
});

test.each(["https://evil.example", "//evil.example", "/\\evil.example"])("never leads to %s after the sign-in", async (next) => {
  const body = new URLSearchParams({ person: "ada", next });
  const headers = { Origin: pipeline.url };
  const response = await fetch(`${pipeline.url}/sign-in`, { method: "POST", redirect: "manual", headers, body });
  expect(response.headers.get("Location")).toBe("/");
});

test("finds contacts by a part of name, address, company or tag, and says so when there is none", async () => {
  const browser = await pipeline.signIn();
  const page = await (await browser.get("/contacts?q=amara%20hadd")).text();
  expect(page).toContain("Amara Haddad");
  expect(page).toContain("1 contact<");
  expect(await (await browser.get("/contacts?q=%25%25")).text()).toContain("No contact has “%%”");
});

test("keeps what was typed where it is refused, and says beside the field what to do", async () => {
  const browser = await pipeline.signIn();
  const response = await browser.post("/contacts/c_2", { name: "Kept <Name>", email: "not an address", tags: "vip" });
  expect(response.status).toBe(422);
  const page = await response.text();
  expect(page).toContain('value="Kept &lt;Name&gt;"');
  expect(page).toContain("Enter an address like name@example.com");
  expect(await (await browser.get("/contacts/c_2")).text()).not.toContain("Kept");
});

test("one company's contact has no page for the other", async () => {
  const browser = await pipeline.signIn("grace");
  expect((await browser.get("/contacts/c_1")).status).toBe(404);
  expect((await browser.post("/contacts/c_1", { name: "Mine" })).status).toBe(404);
});

test("shows the access token, and a replaced one stops working", async () => {
  const browser = await pipeline.signIn("grace");
  const tokenOnPage = async () => /plp_[\w-]+/.exec(await (await browser.get("/settings/api")).text())?.[0] ?? "";
  const first = await tokenOnPage();
  expect((await pipeline.api("/me", {}, first)).status).toBe(200);
  await browser.post("/settings/api/renew", {});
  expect((await pipeline.api("/me", {}, first)).status).toBe(401);
  expect((await pipeline.api("/me", {}, await tokenOnPage())).status).toBe(200);
});
