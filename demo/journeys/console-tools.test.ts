// A builder's tools in the console: accounts of the workspace, trying an app, files, icons, clones, links for users, two people at one draft.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { furnish, signIn, visit } from "./console-crawl.ts";
import { Caller, type DevInfo, Product, until } from "./product.ts";
import { Sink } from "./sink.ts";

const product = new Product();
const sink = new Sink();
let dev: DevInfo;
let host: Caller;
let builder: Person;
let things: Record<string, string>;

const inConsole = () => builder.page.locator("inlay-console");
const button = (name: string | RegExp) => inConsole().getByRole("button", { name, exact: typeof name === "string" });
const open = (path: string) => visit(builder, dev, path);
const choose = async (menu: string | RegExp, item: string | RegExp) => {
  await button(menu).first().click();
  await inConsole().getByRole("menuitem", { name: item }).click();
};
const told = (text: string | RegExp) => inConsole().locator(".notices").getByText(text).waitFor();

/** Drops a file on an element, as a desktop does. */
async function drop(page: Page, selector: string, name: string, type: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, kind, words]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([words ?? ""], file ?? "", { type: kind ?? "" }));
      return transfer;
    },
    [name, type, text],
  );
  for (const event of ["dragenter", "dragover", "drop"]) await page.locator(selector).first().dispatchEvent(event, { dataTransfer: data });
}

beforeAll(async () => {
  const sinkUrl = await sink.start();
  sink.status = 422;
  dev = await product.start();
  host = Caller.asHost(dev);
  things = await furnish(dev, host, Caller.asUser(dev, "ada"), sinkUrl);
  builder = await Person.arrive();
  await builder.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: dev.edgeUrl });
  await signIn(builder, host, "builder");
});
afterAll(async () => {
  await builder?.leave();
  await product.stop();
  await sink.stop();
});

describe("a builder in the console", () => {
  it("connects an account of the workspace by signing in at the app, and moves integrations to it", async () => {
    const { page } = builder;
    const flow = `inlay: 1\nkey: owned\nname: Owned\naccounts: { crm: { app: pipeline, owner: workspace } }\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }]\n`;
    await fetch(`${dev.edgeUrl}/v1/workspace/flows`, {
      method: "POST",
      headers: { authorization: `Bearer ${dev.apiToken}`, "content-type": "application/yaml" },
      body: flow,
    });
    await host.ask("POST", "/v1/workspace/flows/owned/versions", {});
    const connect = async (label: string, key: string, who: string) => {
      await open("/connections");
      await button("Connect an account").click();
      await inConsole().locator("inlay-console-connect-account select").selectOption("pipeline");
      await inConsole().getByLabel("Name", { exact: true }).fill(label);
      await inConsole().getByLabel("Key", { exact: true }).fill(key);
      await button("Go on").click();
      const ways = button(/Sign in/);
      await ways.first().waitFor();
      const popup = await builder.popup(() => ways.last().click());
      const person = popup.getByRole("button", { name: new RegExp(`Continue as ${who}`) });
      const decide = popup.getByRole("button", { name: "Allow", exact: true });
      await person.or(decide).first().waitFor();
      if (await person.count()) await person.click();
      await decide.click();
      await told(/is connected/);
    };
    await connect("Main CRM", "main", "Grace");
    const { id } = await Caller.asUser(dev, "ada").ask<{ id: string }>("POST", "/v1/integrations", {
      flow: "owned",
      accounts: {},
      values: {},
    });
    await host.ask("POST", "/v1/workspace/accounts", {
      app: "pipeline",
      auth: "token",
      fields: { token: dev.pipelineToken },
      label: "Second CRM",
      key: "second",
    });
    await open("/connections?owner=workspace");
    await builder.picture("console-connections");
    await choose("Actions of Main CRM", "Move integrations…");
    await inConsole().getByLabel("To the account").selectOption({ label: "Second CRM" });
    await builder.picture("console-move");
    await button("Move").click();
    await told("1 integration uses the other account now");
    const { accounts } = await host.ask<{ accounts: { crm: string } }>("GET", `/v1/workspace/integrations/${id}`);
    const { items } = await host.ask<{ items: { id: string; key?: string }[] }>("GET", "/v1/workspace/accounts?owner=workspace");
    expect(items.find((account) => account.id === accounts.crm)?.key).toBe("second");
    expect(page.url()).toContain("/connections");
  });

  it("clones a flow that uses it, with the account that was asked for", async () => {
    await open("/flows/owned");
    await choose("Actions of Owned", "Clone…");
    await inConsole().getByLabel("Account for “crm”").selectOption("second");
    await builder.picture("console-clone");
    await button("Clone").click();
    await builder.page.waitForURL(/\/flows\/owned-copy$/);
    await inConsole().locator(".cm-content").getByText("second").waitFor();
  });

  it("gives a flow an icon, which its file names and its users see", async () => {
    await open("/flows/owned-copy");
    await button("Icon…").click();
    await drop(builder.page, "inlay-console-icon .drop", "mark.svg", "image/svg+xml", "<html>");
    await button("Use this icon").click();
    await inConsole().getByText("The file is not what its content type says").waitFor();
    await drop(
      builder.page,
      "inlay-console-icon .drop",
      "mark.svg",
      "image/svg+xml",
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>',
    );
    await builder.picture("console-icon");
    await button("Use this icon").click();
    const icon = await until("the flow has the icon", async () => {
      const { icon: url } = await host.ask<{ icon: string | null }>("GET", "/v1/workspace/flows/owned-copy");
      return url ?? undefined;
    });
    expect((await fetch(icon)).headers.get("content-type")).toBe("image/svg+xml");
  });

  it("tries an operation with an account, and keeps what it answered as the sample", async () => {
    await open("/apps/postbox/try?operation=query.audiences");
    await button("Try it").click();
    await inConsole().getByText("Worked", { exact: true }).waitFor();
    await button("Keep as the sample").click();
    await told(/is kept/);
    await builder.picture("console-try");
    await open("/apps/postbox/try?operation=query.audiences");
    await inConsole()
      .getByRole("heading", { name: /^Sample/ })
      .waitFor();
    const { items } = await host.ask<{ items: { operation: string }[] }>("GET", "/v1/workspace/apps/postbox/samples");
    expect(items).toMatchObject([{ operation: "audiences" }]);
  });

  it("attaches files by choosing and dropping, saves one, and is told why another is refused", async () => {
    await open("/flows/walked/files");
    const files = [{ name: "fields.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") }];
    await inConsole().locator("input[type=file]").setInputFiles(files);
    await told("“fields.csv” is attached");
    await drop(builder.page, "inlay-console-flow-attachments .scroll", "page.html", "text/html", "<script>alert(1)</script>");
    await inConsole().locator(".notices").getByRole("button", { name: "Dismiss" }).waitFor();
    await until("the refusal is told", async () => (await inConsole().locator(".notice.failed").count()) > 0);
    await builder.picture("console-files");
    const row = inConsole().getByRole("listitem").filter({ hasText: "fields.csv" });
    const [download] = await Promise.all([builder.page.waitForEvent("download"), row.getByRole("link", { name: "Download" }).click()]);
    expect([download.suggestedFilename(), readFileSync(await download.path(), "utf8")]).toEqual(["fields.csv", "a,b\n1,2\n"]);
    const { items } = await host.ask<{ items: { name: string }[] }>("GET", "/v1/workspace/flows/walked/attachments");
    expect(items.map(({ name }) => name)).not.toContain("page.html");
  });

  it("deploys for a user by a link, which the user follows and finishes", async () => {
    await open("/flows/walked/integrations");
    await button("Deploy for a user…").first().click();
    await button(/Somebody else/).click();
    await inConsole().getByLabel("Your id of the user").fill("mia");
    await inConsole().getByLabel("Name", { exact: true }).fill("Mia");
    await button("Deploy").click();
    const link = inConsole().getByLabel("Link", { exact: true });
    await link.waitFor();
    await builder.picture("console-deploy-link");
    const url = await link.inputValue();
    const mia = await Person.arrive({ locale: "de-DE" });
    await mia.page.goto(url);
    await mia.page.getByText("hat das für Sie begonnen").waitFor();
    const endpoint = mia.page.locator("inlay-setup").getByLabel("Endpoint");
    const next = mia.page.locator("inlay-setup").getByRole("button", { name: "Weiter" });
    await endpoint.or(next).first().waitFor();
    if (await next.count()) await next.click();
    await endpoint.fill(sink.url);
    await mia.picture("setup-link");
    expect(await mia.axe("main")).toEqual([]);
    await mia.page.locator("inlay-setup").getByRole("button", { name: "Einschalten" }).click();
    await until("the integration is there", async () => {
      const { items } = await host.ask<{ items: { user: string }[] }>("GET", "/v1/workspace/integrations?flow=walked");
      return items.some(({ user }) => user === "mia") || undefined;
    });
    await mia.page.goto("about:blank");
    await mia.page.goto(url);
    await mia.page.getByText("Alles ist eingerichtet").waitFor();
    await mia.leave();
    await button("Done").click();
    await inConsole().getByRole("table", { name: "Integrations" }).getByText("mia", { exact: true }).waitFor();
  });

  it("asks a user to reconnect an account by a link, which the user follows without signing in; a run that waited goes on", async () => {
    const flow = `inlay: 1\nkey: lists\nname: Lists\naccounts: { news: { app: postbox } }\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: a, query: news.audiences }] }]\n`;
    await fetch(`${dev.edgeUrl}/v1/workspace/flows`, {
      method: "POST",
      headers: { authorization: `Bearer ${dev.apiToken}`, "content-type": "application/yaml" },
      body: flow,
    });
    await host.ask("POST", "/v1/workspace/flows/lists/versions", {});
    const ada = Caller.asUser(dev, "ada");
    const { items: accounts } = await ada.ask<{ items: { id: string; label: string }[] }>("GET", "/v1/accounts?app=postbox");
    const [account] = accounts;
    if (!account) throw new Error("ada has no account of the postbox");
    const made = { flow: "lists", accounts: { news: account.id }, values: {} };
    const { id } = await ada.ask<{ id: string }>("POST", "/v1/integrations", made);
    const user = await Person.arrive({ locale: "de-DE" });
    await user.page.goto(`${dev.postboxUrl}/keys`);
    await user.page.getByRole("button", { name: /Continue as Ada/ }).click();
    await user.page.getByRole("button", { name: "Replace key" }).click();
    const key = await user.page.getByLabel("API key").inputValue();
    const { run } = await ada.ask<{ run: string }>("POST", `/v1/integrations/${id}/blocks/go/run`, {});
    const statusOf = async () => (await ada.ask<{ status: string }>("GET", `/v1/runs/${run}`)).status;
    await until("the run waits", async () => (await statusOf()) === "waiting" || undefined);

    await open("/users/ada/accounts");
    await choose(`Actions of ${account.label}`, "Ask to reconnect…");
    await button("Make a link").click();
    const link = inConsole().getByLabel("Link", { exact: true });
    await link.waitFor();
    await builder.picture("console-ask-reconnect");
    const url = await link.inputValue();
    await button("Done").click();
    await user.page.goto(url);
    await user.page.getByText("bittet Sie, Postbox neu zu verbinden").waitFor();
    await user.picture("reconnect-link");
    expect(await user.axe("main")).toEqual([]);
    await user.page.getByRole("button", { name: "Postbox neu verbinden" }).click();
    await user.page.getByRole("textbox", { name: "API key" }).fill(key);
    await user.picture("reconnect-link-key");
    await user.page.getByRole("button", { name: "Verbinden", exact: true }).click();
    await user.page.getByText("Postbox ist wieder verbunden").waitFor();
    expect(user.faults).toEqual([]);
    await user.leave();
    await until("the run goes on", async () => (await statusOf()) === "succeeded" || undefined);
    await inConsole().getByText("Asked", { exact: true }).waitFor({ state: "hidden" });
  });

  it("drops a flow file on the list, and begins one from the organisation's template, which it then removes", async () => {
    const { page } = builder;
    await open("/flows");
    await drop(page, "inlay-console-flows inlay-console-rows", "notes.pdf", "application/pdf", "x");
    await told(/Drop a flow file/);
    await open("/flows?search=nothing-is-called-so");
    await drop(
      page,
      "inlay-console-flows .empty",
      "dropped.flow.yaml",
      "",
      "inlay: 1\nkey: dropped\nname: Dropped\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }]\n",
    );
    await page.waitForURL(/\/flows\/dropped$/);
    await open("/flows?new=template");
    await inConsole()
      .getByRole("button", { name: /^Walked over/ })
      .click();
    await inConsole().getByLabel("Key", { exact: true }).fill("walked-again");
    await button("Create").click();
    await page.waitForURL(/\/flows\/walked-again$/);
    await open("/flows?new=template");
    await button("Remove the template “Walked over”").click();
    await button("Remove").click();
    await told(/is removed/);
    const { items } = await host.ask<{ items: { origin: string }[] }>("GET", "/v1/workspace/templates");
    expect(items.filter(({ origin }) => origin === "workspace")).toEqual([]);
  });

  it("loses nothing where two people write one draft: changes apart are merged, the same lines are shown side by side", async () => {
    await open("/flows/dropped");
    const other = await Person.arrive();
    await signIn(other, host, "admin");
    await visit(other, dev, "/flows/dropped");
    const type = async ({ page }: Person, line: string, text: string) => {
      await page.locator("inlay-console .cm-line", { hasText: line }).first().click();
      await page.keyboard.press("End");
      await page.keyboard.type(text);
    };
    const stored = async () =>
      (await fetch(`${dev.edgeUrl}/v1/workspace/flows/dropped/file`, { headers: { authorization: `Bearer ${dev.apiToken}` } })).text();
    const isStored = (text: string) => until(`“${text}” is stored`, async () => (await stored()).includes(text) || undefined);
    await type(builder, "inlay: 1", " # builder");
    await isStored("# builder");
    await type(other, "name: Dropped", " # admin");
    await isStored("# admin");
    expect(await stored()).toContain("# builder");
    await type(builder, "key: dropped", " # first");
    await isStored("# first");
    await type(other, "key: dropped", " # second");
    await other.page.getByText("Somebody else changed this draft too").waitFor();
    await other.page.getByRole("button", { name: "Compare" }).click();
    await other.picture("console-merge");
    await other.page.getByRole("button", { name: "Save the right side" }).click();
    await isStored("# second");
    await other.leave();
  });

  it("works in two workspaces of one browser, and switches between them", async () => {
    const person = await Person.arrive();
    const { id, apiToken } = await fetch(`${dev.edgeUrl}/v1/workspaces`, {
      method: "POST",
      headers: { authorization: `Bearer ${readBootstrap()}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "Second place", email: "owner@example.com" }),
    }).then((answer) => answer.json() as Promise<{ id: string; apiToken: string }>);
    expect(id).toMatch(/^ws_/);
    await signIn(person, host, "owner");
    await signIn(person, Caller.asHost({ ...dev, apiToken }), "owner");
    await visit(person, dev, "/");
    await person.page.getByRole("button", { name: /^Workspace: Second place/ }).click();
    await person.picture("console-workspaces");
    await person.page.locator("wa-dropdown-item").first().click();
    await person.page.getByRole("button", { name: /^Workspace: (?!Second)/ }).waitFor();
    await person.page.locator("inlay-console").getByRole("link", { name: "Walked over" }).first().waitFor();
    await person.leave();
  });

  it("sees each due time of a schedule in the ledger, and its run", async () => {
    await until(
      "a slot is there",
      async () => {
        const { items } = await host.ask<{ items: unknown[] }>("GET", `/v1/workspace/integrations/${things.integration}/slots`);
        return items.length > 0 || undefined;
      },
      60_000,
    );
    await open(`/integrations/${things.integration}/schedule`);
    await inConsole().getByRole("table", { name: "Schedule" }).getByText("nightly").first().waitFor();
    await builder.picture("console-schedule");
    await inConsole()
      .getByRole("link", { name: /, \d+:\d\d:\d\d [AP]M$/ })
      .first()
      .click();
    await builder.page.waitForURL(/\/runs\/run_/);
  });

  it("has had nothing go wrong in the page", () => {
    expect(builder.faults).toEqual([]);
  });
});

/** What may create workspaces in the started product. */
function readBootstrap(): string {
  const text = readFileSync(`${product.state}/edge.env`, "utf8");
  return /^INLAY_BOOTSTRAP_TOKEN="?([^"\n]+)/m.exec(text)?.[1] ?? "";
}
