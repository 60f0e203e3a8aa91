// A stranger's whole way by the command line: from a flow file to an error that is mended. What it says is what the API says.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { COMMANDS } from "../../scripts/inlay/commands.ts";
import type { Run, RunDetail } from "../../shared/api/run.ts";
import { Caller, type DevInfo, Product, until } from "./product.ts";
import { Sink } from "./sink.ts";

const ROOT = join(import.meta.dirname, "../..");
const FLOW = `# stays as it is
inlay: 1
key: bills
name: Bills onward
tags: [walk]
setup: { pages: [{ key: p, title: Where, fields: [{ key: url, type: url, label: Endpoint, required: true }] }] }
blocks:
  - key: send
    name: Send one
    trigger: { manual: { input: [{ key: number, type: number, required: true }] } }
    steps:
      - { key: shape, code: "export default ({ trigger }) => ({ bill: trigger.number })" }
      - { key: post, http: { method: POST, url: "{{ setup.url }}", body: "{{ steps.shape }}" } }
`;

const product = new Product();
const sink = new Sink();
let dev: DevInfo;
let host: Caller;
let ada: Caller;
let url: string;
let folder: string;
let file: string;

/** Runs `inlay`; `input` is piped in. */
function inlay(args: string[], input = ""): Promise<{ code: number | null; output: string; error: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, INLAY_STATE: product.state, INLAY_CONFIG: join(folder, "login.json") };
    const child = spawn(process.execPath, ["scripts/inlay.ts", ...args], { cwd: ROOT, env });
    let [output, error] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      error += chunk.toString();
    });
    child.on("exit", (code) => resolve({ code, output, error }));
    child.stdin.end(input);
  });
}

/** What the API says of a flow file. */
async function check(text: string): Promise<{ faults: object[] }> {
  const headers = { authorization: `Bearer ${dev.apiToken}`, "content-type": "application/yaml" };
  const response = await fetch(`${dev.edgeUrl}/v1/workspace/validate`, { method: "POST", headers, body: text });
  return (await response.json()) as { faults: object[] };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "inlay-walk-"));
  file = join(folder, "bills.flow.yaml");
  [dev, url] = await Promise.all([product.start(), sink.start()]);
  host = Caller.asHost(dev);
  ada = Caller.asUser(dev, "ada");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([product.stop(), sink.stop()]);
  rmSync(folder, { recursive: true });
});

describe("npx inlay", () => {
  it("prints what scripts need as JSON", async () => {
    const { code, output } = await inlay(["dev", "--json"]);
    expect([code, JSON.parse(output)]).toEqual([0, dev]);
    expect(Object.keys(dev)).toEqual([
      "edgeUrl",
      "demoUrl",
      "workspaceId",
      "apiToken",
      "pipelineUrl",
      "pipelineToken",
      "postboxUrl",
      "postboxKey",
      "users",
    ]);
  });

  it("goes a stranger's whole way, and says at each step what the API says", async () => {
    expect((await inlay(["login", "--url", dev.edgeUrl], dev.apiToken)).output).toContain("Signed in to");

    writeFileSync(file, FLOW.replace("setup.url", "setup.uri"));
    const faulty = await inlay(["validate", file, "--json"]);
    const { faults } = JSON.parse(faulty.output) as { faults: { line: number; column: number; message: string }[] };
    const checked = await check(FLOW.replace("setup.url", "setup.uri"));
    expect([faulty.code, faults]).toMatchObject([1, [{ line: 13 }]]);
    expect(faults).toMatchObject(checked.faults);

    writeFileSync(file, FLOW);
    expect((await inlay(["push", file])).error).toContain("--yes");
    const pushed = await inlay(["push", file, "--publish", "--note", "The first", "--yes"]);
    expect(pushed).toMatchObject({ code: 0, output: expect.stringContaining("published bills as version 1") });
    const versions = await host.ask<{ items: object[] }>("GET", "/v1/workspace/flows/bills/versions");
    expect(versions.items).toMatchObject([{ version: 1, note: "The first" }]);
    expect((await inlay(["diff", file])).code).toBe(1);
    expect((await inlay(["pull", folder, "--only", "bills"])).output).toBe("Nothing has changed.\n");
    expect(readFileSync(file, "utf8")).toBe(FLOW);

    const shown = await ada.ask<{ items: { key: string }[] }>("GET", "/v1/flows?tag=walk");
    expect(shown.items.map(({ key }) => key)).toEqual(["bills"]);
    const { id } = await ada.ask<{ id: string }>("POST", "/v1/integrations", { flow: "bills", values: { url } });

    sink.status = 422;
    const failed = await inlay(["run", "bills", "send", "--user", "ada", "--input", '{"number": 7}', "--json"]);
    const run = JSON.parse(failed.output) as RunDetail;
    expect([failed.code, run]).toMatchObject([1, { status: "failed", integration: id, error: { code: "http_422", step: "post" } }]);
    expect(await host.ask("GET", `/v1/workspace/runs/${run.id}`)).toEqual(run);
    expect((await inlay(["logs", run.id])).output).toMatch(/failed {4}post \(http\) .* → 422/);
    // Lists over all integrations hear of a run within a second or two.
    const logged = await until(
      "the run is in the list",
      async () => (await inlay(["logs", "--flow", "bills", "--status", "failed", "--json"])).output || undefined,
    );
    expect(JSON.parse(logged)).toMatchObject({ id: run.id });
    const openErrors = () => host.ask<{ items: { id: string; open: number; step: string }[] }>("GET", "/v1/workspace/errors?flow=bills");
    const [error] = await until("the error is grouped", async () =>
      (await openErrors()).items.length ? (await openErrors()).items : undefined,
    );
    expect(error).toMatchObject({ open: 1, step: "post" });
    const asJson = async (...args: string[]) => JSON.parse((await inlay([...args, "--json"])).output);
    expect(await asJson("errors", "--flow", "bills")).toEqual((await openErrors()).items);
    expect(await asJson("versions", "bills")).toEqual(versions.items.map((one) => ({ ...one, integrations: 1 })));
    for (const name of ["flows", "integrations", "accounts", "users", "apps", "members"]) {
      const { items } = await host.ask<{ items: object[] }>("GET", `/v1/workspace/${name}`);
      expect(await asJson(name), name).toEqual(items);
    }

    const recorded = await inlay(["test", "--record", run.id, folder]);
    expect([recorded.code, recorded.output]).toEqual([0, expect.stringContaining("1 passed, 0 failed")]);

    sink.status = 200;
    const again = await host.ask<{ run: string }>("POST", `/v1/workspace/runs/${run.id}/retry`, { input: { number: 8 } });
    const followed = await inlay(["logs", again.run, "--follow"]);
    expect(followed).toMatchObject({ code: 0, output: expect.stringMatching(/succeeded +bills\/send/) });
    expect(JSON.parse(sink.arrivals.at(-1)?.body ?? "")).toEqual({ bill: 8 });
    await until("the error is resolved", async () => (await openErrors()).items.length === 0);
    const listed = (await inlay(["logs", "--flow", "bills", "--json"])).output.trim().split("\n");
    const runs = await host.ask<{ items: Run[] }>("GET", "/v1/workspace/runs?flow=bills");
    expect(listed.map((line) => JSON.parse(line) as Run)).toEqual(runs.items.toReversed());

    const totals = await until("both runs are counted", async () => {
      const counted = await host.ask<{ totals: { runs: number } }>("GET", "/v1/workspace/analytics?flow=bills");
      return counted.totals.runs === 2 && counted.totals;
    });
    expect(totals).toMatchObject({ runs: 2, succeeded: 1, failed: 1 });
    expect(await asJson("analytics", "--flow", "bills")).toMatchObject({ totals });
    const audit = await host.ask<{ items: { action: string }[] }>("GET", "/v1/workspace/audit?limit=50");
    expect(audit.items.map(({ action }) => action)).toEqual(expect.arrayContaining(["flow.published", "integration.run", "run.retried"]));
    expect((await inlay(["audit", "verify"])).output).toContain("entries hold");
  });

  it("sets secrets and signing keys whose values stand on no command line", async () => {
    expect((await inlay(["secrets", "set", "WALK", "s3cret"])).code).toBe(2);
    expect(await inlay(["secrets", "set", "WALK"], "s3cret-value\n")).toMatchObject({ code: 0, output: "WALK is set.\n" });
    const { items } = await host.ask<{ items: object[] }>("GET", "/v1/workspace/secrets");
    const listed = await inlay(["secrets", "list", "--json"]);
    expect(JSON.parse(listed.output)).toEqual(items);
    expect(listed.output).not.toContain("s3cret");
    expect(await inlay(["secrets", "delete", "WALK"])).toMatchObject({ code: 1, error: expect.stringContaining("--yes") });
    expect((await inlay(["secrets", "delete", "WALK", "--yes"])).code).toBe(0);

    const pem = join(folder, "walk.pem");
    expect((await inlay(["keys", "new", "walk", "--out", pem])).code).toBe(0);
    expect(await inlay(["keys", "add", "other", pem])).toMatchObject({ code: 1, error: expect.stringContaining("private key") });
    const keys = await host.ask<{ items: object[] }>("GET", "/v1/workspace/keys");
    expect(JSON.parse((await inlay(["keys", "--json"])).output)).toEqual(keys.items);
    expect((await inlay(["keys", "revoke", "walk", "--yes"])).code).toBe(0);
  });

  it("replaces the master key while all is serving, and what was sealed before still opens", async () => {
    const keyIds = () => JSON.parse(readFileSync(join(product.state, "secrets.json"), "utf8")).masterKey.replaceAll(/:[^,]*/g, "");
    const before = keyIds();
    const account = await ada.ask<{ id: string }>("POST", "/v1/accounts", {
      app: "postbox",
      auth: "api_key",
      fields: { key: dev.postboxKey },
    });
    const rotated = await inlay(["keys", "rotate"]);
    expect(rotated).toMatchObject({ code: 0, output: expect.stringContaining("All workspaces are wrapped by") });
    expect(keyIds()).not.toContain(before);
    expect(rotated.output).toContain(keyIds());
    expect(await ada.ask("POST", `/v1/accounts/${account.id}/test`)).toMatchObject({ ok: true });
    await until("the older key is forgotten", async () => (await inlay(["keys", "master"])).output.trim().split("\n").length === 1);
    await ada.ask("DELETE", `/v1/accounts/${account.id}`);
  });

  it("does what a workspace is kept with: folders, Home, templates, apps, files, links, icons, variables, access, notifications", async () => {
    // In this process: sixty of them would take longer to start than to do what they do.
    vi.stubEnv("INLAY_URL", dev.edgeUrl);
    vi.stubEnv("INLAY_TOKEN", dev.apiToken);
    const done = async (name: string, ...args: string[]) => {
      let output = "";
      const print = (text: unknown) => {
        output += text;
        return true;
      };
      const [log, write] = [
        vi.spyOn(console, "log").mockImplementation((text) => void print(`${text}\n`)),
        vi.spyOn(process.stdout, "write").mockImplementation(print),
      ];
      try {
        expect(await COMMANDS.find((command) => command.name === name)?.run(args), `inlay ${name} ${args.join(" ")}`).toBe(0);
      } finally {
        log.mockRestore();
        write.mockRestore();
      }
      return output;
    };
    const made = async <T>(...args: [string, ...string[]]) => JSON.parse(await done(...args)) as T;
    const at = "/v1/workspace";
    const items = async (path: string) => (await host.ask<{ items: Record<string, unknown>[] }>("GET", `${at}/${path}`)).items;
    /** What the command lists is what the API lists, and the table has it. */
    const agree = async (path: string, ...args: [string, ...string[]]) => {
      const listed = await made<object[]>(...args, "--json");
      const table = await done(...args);
      expect(listed, args.join(" ")).toEqual(await items(path));
      expect(listed.length, args.join(" ")).toBeGreaterThan(0);
      expect(table, args.join(" ")).toMatch(/^[A-Z]+ /);
    };
    const text = join(folder, "plan.txt");
    writeFileSync(text, "What is planned");
    const svg = join(folder, "mark.svg");
    writeFileSync(svg, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>');

    const { id: north } = await made<{ id: string }>("folders", "add", "North");
    await done("folders", "rename", north, "South");
    await done("flows", "move", "bills", north);
    expect(await items("folders")).toContainEqual({ id: north, name: "South", flows: 1 });
    await agree("folders", "folders");
    await done("flows", "move", "bills", "standalone");
    await done("folders", "remove", north);
    expect((await items("folders")).map(({ name }) => name)).toEqual(["Standalone"]);

    await done("home", "view", "list");
    await done("home", "order", "bills", "contacts-to-newsletter");
    await done("home", "pin", "bills");
    expect(await host.ask("GET", `${at}/home`)).toEqual({ view: "list", order: ["bills", "contacts-to-newsletter"], pins: ["bills"] });
    expect(await made("home", "--json")).toContainEqual({ flow: "bills", isPinned: true });
    await done("home", "unpin", "bills");
    expect(await host.ask("GET", `${at}/home`)).toMatchObject({ pins: [] });

    await done("templates", "save", "bills", "--key", "ours");
    await agree("templates", "templates");
    expect(await made("templates", "use", "workspace", "ours", "--key", "second")).toMatchObject({ key: "second" });
    await expect(done("templates", "remove", "ours")).rejects.toThrow("--yes");
    await done("templates", "remove", "ours", "--yes");
    await done("flows", "delete", "second", "--yes");
    await agree("bin", "bin");

    await agree("catalogue/apps", "catalogue");
    expect(await made("catalogue", "add", "stripe")).toMatchObject({ key: "stripe", version: 1 });
    const account = await ada.ask<{ id: string }>("POST", "/v1/accounts", {
      app: "postbox",
      auth: "api_key",
      fields: { key: dev.postboxKey },
    });
    const tried = await made<{ ok: boolean; output: unknown }>("apps", "try", "postbox", "audiences", "--account", account.id);
    expect(tried).toMatchObject({ ok: true, output: expect.anything() });
    await done("samples", "keep", "postbox", "query", "audiences", "--output", JSON.stringify(tried.output));
    await agree("apps/postbox/samples", "samples", "postbox");
    await done("samples", "forget", "postbox", "query", "audiences");

    const { id: plan } = await made<{ id: string }>("attachments", "add", "bills", text);
    await done("attachments", "rename", "bills", plan, "later.txt");
    await agree("flows/bills/attachments", "attachments", "bills");
    await done("attachments", "get", "bills", plan, join(folder, "later.txt"));
    expect(readFileSync(join(folder, "later.txt"), "utf8")).toBe("What is planned");
    await done("attachments", "remove", "bills", plan, "--yes");

    await done("icons", "set", "marks/mine.svg", svg);
    await agree("icons", "icons");
    await expect(done("icons", "remove", "marks/mine.svg")).rejects.toThrow("--yes");
    await done("icons", "remove", "marks/mine.svg", "--yes");
    expect((await items("icons")).map(({ path }) => path)).not.toContain("marks/mine.svg");

    const { url: reconnect } = await made<{ url: string }>("accounts", "ask", account.id);
    expect(reconnect).toContain("/reconnect#renew_");
    await agree("accounts", "accounts");
    await done("accounts", "withdraw", account.id);
    const asked = await made<{ link: { id: string; url: string } }>(
      "integrations",
      "deploy",
      "bills",
      "lin",
      "--name",
      "Lin",
      "--org",
      "south",
    );
    expect(asked.link.url).toContain("/setup#setup_");
    await agree("flows/bills/links", "links", "bills");
    await done("links", "withdraw", "bills", asked.link.id);
    const deployed = await made<{ integration: string }>("integrations", "deploy", "bills", "lin", "--values", JSON.stringify({ url }));
    expect(await host.ask("GET", `${at}/integrations/${deployed.integration}`)).toMatchObject({ user: { externalId: "lin" } });

    await done("variables", "set", "REGION", "north");
    expect(await made("variables", "--json")).toContainEqual({ name: "REGION", value: "north" });
    await done("variables", "remove", "REGION", "--yes");
    expect(await host.ask("GET", `${at}/variables`)).not.toHaveProperty("REGION");
    const { id: tokenId, token } = await made<{ id: string; token: string }>("tokens", "add", "Reports", "read,events");
    await agree("tokens", "tokens");
    const withIt = () => fetch(`${dev.edgeUrl}${at}/flows`, { headers: { authorization: `Bearer ${token}` } });
    expect((await withIt()).status).toBe(200);
    await done("tokens", "revoke", tokenId, "--yes");
    expect((await withIt()).status).toBe(401);

    const hook = await made<{ id: string; secret: string }>("webhooks", "add", url, "--types", "account.expired");
    expect(hook.secret).toMatch(/^whsec_/);
    expect(await made("webhooks", "test", hook.id)).toMatchObject({ ok: true });
    await done("webhooks", "disable", hook.id);
    expect(await made("webhooks", "types", hook.id, "all")).toMatchObject({ types: [], enabled: false });
    await agree("notifications/webhooks", "webhooks");
    await done("webhooks", "remove", hook.id, "--yes");
    await done("notifications", "read");
    expect(await made("notifications", "--json")).toEqual(await items("notifications"));

    const provider = await inlay(
      ["providers", "add", "Staff", dev.edgeUrl, "client-1", "--domains", "example.com", "--role", "viewer"],
      "hidden\n",
    );
    expect(JSON.parse(provider.output)).toMatchObject({ hasSecret: true, domains: ["example.com"], role: "viewer" });
    await agree("sign-in-providers", "providers");
    const { id: providerId, clientId } = JSON.parse(provider.output) as { id: string; clientId: string };
    expect(await made("providers", "change", providerId, "--label", "Everybody", "--role", "nobody")).toMatchObject({
      ...{ label: "Everybody", role: null, clientId, domains: ["example.com"], hasSecret: true },
    });
    expect(await made("providers", "change", providerId, "--secret", "none")).toMatchObject({ label: "Everybody", hasSecret: false });
    await expect(done("providers", "change", providerId, "--secret", "s3cret")).rejects.toThrow("command line");
    await done("providers", "remove", providerId, "--yes");

    expect(await made("flows", "new", "Hello there")).toMatchObject({ key: "hello-there" });
    await expect(done("flows", "new", "Hello there")).rejects.toThrow("already");
    const draft = await done("flows", "file", "hello-there");
    expect(draft).toContain('name: "Hello there"');
    await done("versions", "publish", "hello-there", "--note", "One", "--labels", "Stable,new");
    expect(await done("versions", "show", "hello-there", "1")).toBe(draft);
    expect(await made("versions", "change", "hello-there", "1", "--labels", "old")).toMatchObject({ labels: ["old"], note: "One" });
    await done("flows", "withdraw", "hello-there");
    expect(await made("versions", "change", "hello-there", "1", "--available", "no")).toMatchObject({ available: false });
    expect(await made("flows", "show", "hello-there")).toEqual(await host.ask("GET", `${at}/flows/hello-there`));
    await done("flows", "delete", "hello-there", "--yes");
    await done("bin", "purge", "hello-there", "--yes");
    expect((await items("bin")).map(({ key }) => key)).not.toContain("hello-there");
    expect(await made("versions", "plan", "bills")).toEqual(await host.ask("GET", `${at}/flows/bills/upgrade`));

    await made("integrations", "rename", deployed.integration, "Bills of Lin");
    expect(await made("integrations", "show", deployed.integration)).toMatchObject({ name: "Bills of Lin" });
    expect((await made<{ user: string }[]>("integrations", "--user", "lin", "--json")).map(({ user }) => user)).toEqual(["lin"]);
    expect(await made("users", "show", "lin")).toEqual(await host.ask("GET", `${at}/users/lin`));
    const secret = JSON.stringify({ key: dev.postboxKey });
    const named = ["--key", "ours", "--label", "Our post"] as const;
    const ours = await made<{ id: string }>("accounts", "connect", "postbox", "api_key", ...named, "--fields", secret);
    expect(await made("accounts", "rename", ours.id, "Post of ours")).toMatchObject({ label: "Post of ours", key: "ours" });
    await done("accounts", "remove", ours.id, "--yes");

    sink.status = 503;
    const tried9 = await inlay(["run", "bills", "send", "--user", "lin", "--input", '{"number": 9}', "--json"]);
    const wrong = JSON.parse(tried9.output) as RunDetail;
    expect(wrong).toMatchObject({ status: "failed" });
    const failing = await until("the error is open", async () => (await items("errors?flow=bills"))[0]);
    expect(failing.pattern).toContain("answered 503");
    const id = String(failing.id);
    expect(await made("errors", "tag", id, "vip,lin")).toMatchObject({ tags: ["vip", "lin"] });
    expect(await made("errors", "assign", id, "nobody")).toMatchObject({ assignee: null });
    expect(await made("errors", "resolve", id)).toMatchObject({ status: "resolved" });
    expect(await made("errors", "reopen", id)).toMatchObject({ status: "open" });
    sink.status = 200;
    expect(await made("errors", "retry", id, "--input", '{"number": 10}')).toMatchObject({ items: [{ run: wrong.id }] });
    await until("it is resolved by what succeeded", async () => (await items("errors?flow=bills")).length === 0);
    expect(JSON.parse(sink.arrivals.at(-1)?.body ?? "")).toEqual({ bill: 10 });
    await agree("runs", "runs");

    const guest = await made<{ id: string }>("members", "invite", "guest@example.com", "viewer");
    await agree("invitations", "invitations");
    await done("invitations", "withdraw", guest.id);
    expect((await made<{ url: string }>("members", "link", "grace@example.com")).url).toContain("/auth/sign-in?token=");
    const grace = (await items("members")).find(({ email }) => email === "grace@example.com")?.id as string;
    expect(await made("members", "rename", grace, "Grace H.")).toMatchObject({ name: "Grace H." });
    await done("members", "role", grace, "viewer");
    await done("members", "flow-role", grace, "bills", "builder");
    expect((await items("members")).find(({ id: one }) => one === grace)).toMatchObject({ flows: [{ flow: "bills", role: "builder" }] });
    await done("members", "flow-role", grace, "bills", "none");
    expect(await made("members", "sessions", grace)).toMatchObject({ items: [] });
    await done("members", "sign-out", grace);
    await done("members", "remove", grace, "--yes");

    expect(await made("audit", "--action", "folder.", "--json")).toEqual(await items("audit?action=folder."));
    expect(await done("audit", "--action", "token.")).toMatch(/^ENTRY .*\n\d+ /);
    expect(await done("audit", "--csv", "--action", "folder.renamed")).toMatch(/^seq,at,actor.*\r?\n\d+,.*South/);
  });
});
