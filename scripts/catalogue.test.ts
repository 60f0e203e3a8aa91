// The app files and templates that come with the product: each can be used as it stands, and the Worker carries what the folders hold.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CATALOGUE_APPS, CATALOGUE_ICONS, CATALOGUE_TEMPLATES } from "../edge/catalogue/files.ts";
import { checkApp } from "../edge/engine/check-app.ts";
import { checkFlow } from "../edge/engine/check-flow.ts";
import { evaluateValue } from "../edge/engine/expression.ts";
import { imageKind } from "../edge/http/image-kind.ts";
import { AppFile } from "../shared/flow/app-file.ts";
import { FlowFile } from "../shared/flow/flow-file.ts";
import { readFile } from "../shared/flow/read-file.ts";
import { ROOT } from "./settings.ts";

const OURS = join(ROOT, "edge/catalogue");
const DEMO = join(ROOT, "demo/catalogue");
const filesOf = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const appFiles = [...filesOf(join(OURS, "apps"), ".app.yaml"), ...filesOf(DEMO, ".app.yaml")];
const flowFiles = [...filesOf(join(OURS, "templates"), ".flow.yaml"), ...filesOf(DEMO, ".flow.yaml")];
const apps = Object.fromEntries(
  appFiles.flatMap(({ text }) => {
    const result = readFile(text, AppFile);
    return result.ok ? [[result.value.key, result.value]] : [];
  }),
);

describe("an app file of the catalogue", () => {
  it.each(appFiles)("$name holds expressions that parse, and names what is there", ({ name, text }) => {
    const result = readFile(text, AppFile);
    expect(result.ok ? [] : result.faults).toEqual([]);
    if (!result.ok) return;
    expect(checkApp(result.value)).toEqual([]);
    expect(name).toBe(`${result.value.key}.app.yaml`);
    expect(result.value.test, "an account is proved").toBeDefined();
    expect(result.value.limits, "its rate is known").toBeDefined();
  });
});

describe("the mark of an app of the catalogue", () => {
  const icons = filesOf(join(OURS, "icons"), ".svg");
  it("is carried by the Worker as the folder has it, and is there for each app that names one", () => {
    expect(CATALOGUE_ICONS).toEqual(Object.fromEntries(icons.map(({ name, text }) => [`catalogue/${name}`, text])));
    const named = filesOf(join(OURS, "apps"), ".app.yaml").flatMap(({ text }) => /^icon: (.+)$/m.exec(text)?.[1] ?? []);
    expect(named.sort()).toEqual(Object.keys(CATALOGUE_ICONS));
  });

  it.each(icons)("$name is a picture as members may store one, without anything that runs or loads", ({ text }) => {
    const bytes = new TextEncoder().encode(text);
    expect(imageKind(bytes)).toBe("image/svg+xml");
    expect(bytes.length).toBeLessThan(8_000);
    expect([...text.matchAll(/<(\w+)/g)].map(([, tag]) => tag).filter((tag) => !/^(svg|title|rect|path)$/.test(tag ?? ""))).toEqual([]);
    expect(text).not.toMatch(/href|url\(|\bon\w+=|style=/);
  });
});

/** What the poll's expressions read, as a poll of a real integration has it. */
const scopeOf = (input: unknown, cursor: unknown) => ({ setup: {}, user: {}, settings: {}, env: {}, hooks: {}, state: {}, input, cursor });
const polls = Object.values(apps).flatMap((app) =>
  Object.entries(app.triggers).flatMap(([key, { poll }]) => (poll ? [{ name: `${app.key}.${key}`, app, poll }] : [])),
);
const times = ["2026-01-02T03:04:05.000Z", "2026-01-02T03:05:06.000Z"];
const seconds = [1767323045, 1767323106];
/** An item with every name under which the apps give a time. */
const item = (at: 0 | 1) => ({
  ...{ id: `i${at}`, Id: `i${at}`, gid: `i${at}`, sid: `i${at}`, email: "a@b.test", fields: { updated: times[at] } },
  ...{ updatedAt: times[at], updated_at: times[at], modified_at: times[at], last_changed: times[at], last_edited_time: times[at] },
  ...{ LastModifiedDate: times[at], createdTime: times[at], created: seconds[at] },
});
/** Intercom counts seconds where others write times. */
const items = (name: string) =>
  ([0, 1] as const).map((at) => ({ ...item(at), ...(name.startsWith("intercom") ? { updated_at: seconds[at] } : {}) }));

describe("a polled trigger of the catalogue", () => {
  it.each(polls)("$name goes on from its last item, and from a little before now where there was none yet", async ({ name, poll }) => {
    const input = { base: "b", table: "t", project: "p", audience: "a", database: "d", object: "Contact", fields: "Id", types: ["*"] };
    const ask = async (cursor: unknown) => (await evaluateValue(poll.with ?? {}, scopeOf(input, cursor))) as Record<string, unknown>;
    const next = async (found: unknown[], cursor: unknown) =>
      poll.cursor === undefined
        ? undefined
        : evaluateValue(poll.cursor, { ...scopeOf(input, cursor), body: found, output: found, items: found, item: found.at(-1) });
    if (poll.cursor === undefined) return expect(JSON.stringify(poll.with)).not.toContain("cursor");

    const nothingYet = await next([], undefined);
    expect(nothingYet, "the time that the first poll asked for is kept").toBeDefined();
    const begun = typeof nothingYet === "number" ? nothingYet * 1_000 : Date.parse(String(nothingYet));
    expect(Date.now() - begun).toBeGreaterThan(60_000);
    expect(Date.now() - begun).toBeLessThan(600_000);

    const cursor = await next(items(name), nothingYet);
    expect([times[1], seconds[1]]).toContain(cursor);
    expect(JSON.stringify(await ask(cursor))).toMatch(/2026-01-02T03:05:06|1767323106/);
    expect(await next([], cursor), "a poll that finds nothing keeps the cursor").toBe(cursor);
    expect(await next(items(name), cursor)).toBe(cursor);
  });
});

describe("a flow file of the catalogue", () => {
  it.each(flowFiles)("$name can be published", ({ name, text }) => {
    const result = readFile(text, FlowFile);
    expect(result.ok ? [] : result.faults).toEqual([]);
    if (!result.ok) return;
    expect(name).toBe(`${result.value.key}.flow.yaml`);
    expect(checkFlow(result.value, apps)).toEqual([]);
  });
});

it("what the Worker carries is what the folders hold (npm run catalogue writes it)", () => {
  expect(CATALOGUE_APPS).toEqual(filesOf(join(OURS, "apps"), ".app.yaml").map(({ text }) => text));
  expect(CATALOGUE_TEMPLATES).toEqual(filesOf(join(OURS, "templates"), ".flow.yaml").map(({ text }) => text));
});
