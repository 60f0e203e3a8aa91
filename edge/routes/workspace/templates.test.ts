import { beforeAll, expect, it } from "vitest";
import { makeMember } from "../../testing/member-client.ts";

let { api } = {} as Awaited<ReturnType<typeof makeMember>>;
beforeAll(async () => {
  ({ api } = await makeMember());
});

it("a flow from one of our templates comes with its apps, and can be published", async () => {
  const { items } = (await api("GET", "templates")).body;
  expect(items.length).toBeGreaterThanOrEqual(8);
  expect(items.find(({ key }: { key: string }) => key === "issues-to-chat").missingApps).toEqual(["github", "slack"]);
  for (const { origin, key } of items) {
    const made = await api("POST", `templates/${origin}/${key}/flow`, { name: `Mine: ${key}` });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201, body: { key } });
    expect((await api("GET", `flows/${key}`)).body.name).toBe(`Mine: ${key}`);
    expect(await api("POST", `flows/${key}/versions`, {})).toMatchObject({ status: 201 });
  }
  expect(await api("POST", "templates/inlay/issues-to-chat/flow", {})).toMatchObject({ body: { key: "issues-to-chat-2", apps: [] } });
  const apps = (await api("GET", "catalogue/apps")).body.items;
  expect(apps).toHaveLength(18);
  expect(apps.find(({ key }: { key: string }) => key === "slack")).toMatchObject({ version: 1, newest: true });
});

it("an organisation keeps flows of its own as templates", async () => {
  const source = "# Ours\ninlay: 1\nkey: own\nname: Own\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]\n";
  await api("POST", "flows", source);
  expect(await api("POST", "templates", { flow: "own", key: "standard", name: "Standard" })).toMatchObject({ body: { key: "standard" } });
  expect((await api("GET", "templates")).body.items[0]).toMatchObject({ key: "standard", origin: "workspace", name: "Standard" });
  const { body } = await api("GET", "templates/workspace/standard");
  expect(body.source).toBe(source.replace("key: own", "key: standard").replace("name: Own", "name: Standard"));
  expect(await api("POST", "templates/workspace/standard/flow", { key: "fresh" })).toMatchObject({ status: 201, body: { key: "fresh" } });
  expect(await api("DELETE", "templates/workspace/standard")).toMatchObject({ status: 204 });
  expect(await api("GET", "templates/workspace/standard")).toMatchObject({ status: 404 });
});

it("an app of the catalogue is brought to the newest version", async () => {
  const file = (await api("GET", "catalogue/apps/stripe/file")).body as string;
  await api("POST", "apps", file.replace("name: Stripe", "name: Our Stripe"));
  expect((await api("GET", "catalogue/apps")).body.items.find(({ key }: { key: string }) => key === "stripe").newest).toBe(false);
  expect(await api("POST", "catalogue/apps/stripe")).toMatchObject({ body: { key: "stripe", changed: true } });
  expect(await api("POST", "catalogue/apps/stripe")).toMatchObject({ body: { changed: false } });
  expect(await api("POST", "catalogue/apps/nothing")).toMatchObject({ status: 404 });
});
