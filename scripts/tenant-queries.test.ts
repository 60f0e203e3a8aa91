// Reads the edge's sources: every query of a table that belongs to workspaces names the workspace. Those that cannot say why.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const EDGE = join(import.meta.dirname, "../edge");

/** Queries over all workspaces, by file and function, and what stands in for the workspace. */
const EXCEPTIONS: Record<string, string> = {
  "db/app-hooks.ts findAppHook": "by the secret part of a webhook's address, 256 random bits",
  "db/attempts.ts beginAttempt": "by the attempt's id, 131 random bits, which its user alone was told",
  "db/attempts.ts endAttempt": "by the id of an attempt that was found with its state, or by its user",
  "db/attempts.ts insertAttempt": "forgets what ended a day ago, of all",
  "db/attempts.ts readAttempt": "by the attempt's id, 131 random bits",
  "db/attempts.ts takeAttempt": "by the hash of a state, 256 random bits, and of the browser's cookie",
  "db/integrations.ts findOwner": "tells whose an integration is, for callers who compare it",
  "db/flow-bin.ts binnedBefore": "finds what has been in the bin for 30 days, of all",
  "db/integrations.ts isKept": "by the id of an integration that was found in its workspace",
  "db/integrations.ts isOff": "by the id of an integration that was found in its workspace",
  "db/integrations.ts isOwed": "by the id of an integration that was found in its workspace",
  "db/integrations.ts listDue": "finds what is due in all",
  "db/integrations.ts listOwed": "finds what objects have not been told, of all",
  "db/integrations.ts postponeOwed": "by what listOwed has found",
  "db/integrations.ts joined": "begins queries; those that go on from it are looked at in their places",
  "db/members.ts redeemSignInLink": "by the hash of a sign-in link's secret",
  "db/overdue.ts readOverdue": "counts over all, for /health",
  "db/sessions.ts closeSession": "by the hash of a session's secret",
  "db/sessions.ts findSession": "by the hash of a session's secret",
  "db/sessions.ts listBrowserWorkspaces": "by the secret of a browser in which all of them were signed in to",
  "db/reconnect-links.ts findReconnectLink": "by the hash of a link's secret, which tells the workspace",
  "db/setup-links.ts findSetupLink": "by the hash of a link's secret, which tells the workspace",
  "db/sign-in-providers.ts insertMemberAttempt": "forgets what has expired, of all",
  "db/sign-in-providers.ts providersOfDomain": "finds the workspaces that a mail address may sign in to",
  "db/sign-in-providers.ts readProvider": "by the id of a way to sign in, before anybody is known",
  "db/sign-in-providers.ts takeMemberAttempt": "by the hash of a state, 256 random bits, and of the browser's cookie",
  "db/tokens.ts findApiToken": "by the hash of the token, which tells the workspace",
  "http/sweep.ts sweep": "forgets old keys of repeated requests, of all",
};

interface Source {
  file: string;
  text: string;
}
const sources: Source[] = readdirSync(EDGE, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|^testing\/|\.d\.ts$/.test(name))
  .map((file) => ({ file, text: readFileSync(join(EDGE, file), "utf8") }));

/** Drizzle's tables by their name in the sources, with whether they have a workspace. */
function readTables(): Map<string, boolean> {
  const schema = sources.find(({ file }) => file === "db/schema.ts")?.text ?? "";
  const parts = schema.split(/^export const (?=\w+ = sqliteTable\()/m).slice(1);
  return new Map(
    parts.map((part) => [/^\w+/.exec(part)?.[0] ?? "", /\bworkspace: (?:workspace\(\)|text\(\))|^\s+workspace: text/m.test(part)]),
  );
}

/** From `start` to the end of the expression there: the bracket that closes around it, or a semicolon. */
function expressionAt(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === "(" || c === "[" || c === "{") depth++;
    if (c === ")" || c === "]" || c === "}") depth--;
    if (depth < 0 || (c === ";" && depth === 0)) return text.slice(start, at);
  }
  return text.slice(start);
}

/** The name of the function or constant at the margin that `at` stands in. */
function placeOf(text: string, at: number): string {
  const heads = [...text.slice(0, at).matchAll(/^(?:export )?(?:async )?(?:function\*? |const |class )(\w+)/gm)];
  return heads.at(-1)?.[1] ?? "";
}

/** Whether `code` asks for one workspace, itself or through what it calls or reads of the same file. Two tables joined by theirs are no such thing. */
function namesWorkspace(code: string, text: string, tables: Map<string, boolean>, depth = 0): boolean {
  const values = [...code.matchAll(/\.workspace(?:,\s*|\} = \$\{)([\w.]+)/g)].map(([, value = ""]) => value);
  if (values.some((value) => !(value.endsWith(".workspace") && tables.has(value.split(".")[0] ?? "")))) return true;
  if (depth > 2) return false;
  const names = new Set(code.match(/\b[a-z]\w+\b/gi) ?? []);
  for (const name of names) {
    const found = new RegExp(`(?:const|function) ${name}\\b`).exec(text);
    if (found && namesWorkspace(definitionAt(text, found.index), text, tables, depth + 1)) return true;
  }
  return false;
}

function definitionAt(text: string, start: number): string {
  const end = text.slice(start).search(/;\n|\n}\n/);
  return text.slice(start + 1, end < 0 ? undefined : start + end).replace(/^\w+ \w+/, "");
}

interface Query {
  place: string;
  code: string;
  isBound: boolean;
}

/** Every read, update and removal of a table with a workspace. (An insert without one does not compile: the column is not null.) */
function queriesOf({ file, text }: Source, tables: Map<string, boolean>): Query[] {
  return [...text.matchAll(/(?:\.(?:from|update|delete)\(\s*(\w+)\s*\)|[^ ] joined\(db\))/g)]
    .filter(({ 0: found, 1: table = "" }) => found.endsWith("joined(db)") || tables.get(table))
    .map(({ index }) => {
      const code = expressionAt(text, index);
      return { place: `${file} ${placeOf(text, index)}`, code, isBound: namesWorkspace(code.replace(/^\.\w+\(\s*\w+/, ""), text, tables) };
    });
}

/** The same of SQL as text: what is prepared on D1. */
function statementsOf({ file, text }: Source): Query[] {
  return [...text.matchAll(/DB\s*\.prepare\(/g)].map(({ index }) => {
    const code = expressionAt(text, index + text.slice(index).indexOf("(") + 1);
    return {
      place: `${file} ${placeOf(text, index)}`,
      code,
      isBound: /\bworkspaces? (?:=|WHERE id = )|FROM workspaces WHERE id = \?/.test(code),
    };
  });
}

describe("every query of the catalogue", () => {
  const tables = readTables();
  const all = sources.flatMap((source) => [...queriesOf(source, tables), ...statementsOf(source)]);

  it("is found: the tables, and the queries of each", () => {
    expect([...tables.values()].filter(Boolean).length).toBeGreaterThanOrEqual(15);
    expect(tables.get("workspaces")).toBe(false);
    expect(tables.get("integrations")).toBe(true);
    expect(all.length).toBeGreaterThan(60);
  });

  it("names its workspace, or says why it cannot", () => {
    const unbound = all.filter(({ isBound, place }) => !isBound && !(place in EXCEPTIONS));
    expect(unbound.map(({ place, code }) => `${place}: ${code.replace(/\s+/g, " ").slice(0, 200)}`)).toEqual([]);
  });

  it("has no exception that is not needed any more", () => {
    const needed = new Set(all.filter(({ isBound }) => !isBound).map(({ place }) => place));
    expect(Object.keys(EXCEPTIONS).filter((place) => !needed.has(place))).toEqual([]);
  });

  it("would be noticed without one", () => {
    const text = 'export async function leak(db) {\n  return db.select().from(integrations).where(eq(integrations.id, "x"));\n}\n';
    const mended = text.replace("eq(integrations.id", "and(eq(integrations.workspace, w), eq(integrations.id").replace('"x")', '"x"))');
    const joined = text.replace(".where(", ".innerJoin(users, eq(users.workspace, integrations.workspace)).where(");
    const helped = text
      .replace("eq(integrations.id", "mine(w), eq(integrations.id")
      .concat("const mine = (w) => eq(integrations.workspace, w);\n");
    expect(queriesOf({ file: "a.ts", text }, tables)).toMatchObject([{ place: "a.ts leak", isBound: false }]);
    expect(queriesOf({ file: "a.ts", text: joined }, tables)).toMatchObject([{ isBound: false }]);
    expect(queriesOf({ file: "a.ts", text: mended }, tables)).toMatchObject([{ isBound: true }]);
    expect(queriesOf({ file: "a.ts", text: helped }, tables)).toMatchObject([{ isBound: true }]);
    expect(statementsOf({ file: "a.ts", text: 'env.DB.prepare("SELECT * FROM users WHERE id = ?")' })).toMatchObject([{ isBound: false }]);
  });
});
