// A thing that a workspace has many of, as a command: its list, and what can be done to one of it.
import { readFileSync } from "node:fs";
import { CommandError } from "../edge-access.ts";
import { askUser } from "./ask-user.ts";
import { type Command, defineCommand, expectPositionals } from "./command.ts";
import { COMMON, TOKEN } from "./common-options.ts";
import { type Column, limitOf, printRows, readList } from "./list-table.ts";
import { type Body, openWorkspace, type Wish, type WorkspaceAccess } from "./workspace-access.ts";

/** Options as they were given. */
export type Given = Readonly<Record<string, string | undefined>>;

interface Call {
  method: string;
  path: string;
  body?: object;
  /** A file's bytes, instead of `body`. */
  file?: Body;
  headers?: Readonly<Record<string, string>>;
}

/** A question; `word`: what must be typed to go on. */
interface Question {
  question: string;
  word: string;
}

interface Verb {
  /** What it takes, such as `FLOW`; of one that ends in `…`, as many as are given. */
  takes: readonly string[];
  about: string;
  /** Asked first, where it takes something away. */
  asks?: (args: readonly string[], access: WorkspaceAccess) => string | Promise<Question>;
  /** It is called again with the answer's cursor, until there is none. */
  isPaged?: boolean;
  call: (args: readonly string[], given: Given, access: WorkspaceAccess) => Call | Promise<Call>;
  /** What is done with the answer; without it, it is printed. */
  done?: (answer: Uint8Array, args: readonly string[], given: Given) => void;
}

/** A list of the API with what can be done to its items. */
export interface Listing {
  name: string;
  about: string;
  columns: readonly Column[];
  /** What names whose list it is. */
  of?: string;
  path: (of: string) => string;
  /** Rows of an answer that is no list. */
  rows?: (answer: unknown) => unknown[];
  /** What it may be narrowed to: the API's own names. */
  filters?: Readonly<Record<string, string>>;
  /** Other options of verbs. */
  more?: Readonly<Record<string, string>>;
  verbs?: Readonly<Record<string, Verb>>;
}

/** A part of a path. */
export const at = encodeURIComponent;

/** Paths of the items of `list`. */
export const one =
  (list: string) =>
  (id: string | undefined, rest = "") =>
    `/${list}/${at(id ?? "")}${rest}`;

/** What stands between commas; nothing of `none`. */
export const words = (list = ""): string[] => (list === "none" ? [] : list.split(",").filter(Boolean));

/** Prints a file as it came. */
export const print = (answer: Uint8Array): void => void process.stdout.write(new TextDecoder().decode(answer));

/** The file at `path`, to be sent. Throws `CommandError` where it cannot be read. */
export function fileAt(path = "", type = "application/octet-stream"): Body {
  try {
    return { text: new Uint8Array(readFileSync(path)), type };
  } catch {
    throw new CommandError(`There is no file ${path} that can be read.`);
  }
}

/** The options of these names that were given. */
export const named = (given: Given, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const])));

/** The name of the flow at `path`, which deleting it asks to be typed. */
export const nameOf = async (access: WorkspaceAccess, path: string) => (await access.json<{ name: string }>(path)).name;

const text = (options: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(options).map(([key, meaning]) => [key, { type: "string" as const, value: key.toUpperCase(), about: meaning }]),
  );

/** The command `inlay NAME` of a listing. */
export function defineListing({ name, about, columns, of, path, rows, filters = {}, more = {}, verbs = {} }: Listing): Command {
  const calls = Object.entries(verbs).map(([verb, { takes }]) => [name, verb, ...takes].join(" "));
  return defineCommand({
    usage: [`${name}${of ? ` ${of}` : ""} [--json]`, ...calls],
    about,
    more: `${Object.entries(verbs)
      .map(([verb, { about: meaning }]) => `${verb.padEnd(12)}${meaning}`)
      .join("\n")}\n\n${TOKEN}`,
    options: {
      ...text(filters),
      ...text(more),
      limit: { type: "string", short: "n", value: "100", about: "at most so many" },
      ...COMMON,
    },
    async run(values, positionals) {
      const [word = "", ...rest] = positionals;
      const given = values as unknown as Given & Wish & { json?: boolean; yes?: boolean };
      const verb = verbs[word];
      if (verb) return doVerb(openWorkspace(given), verb, rest, given);
      const [whose = ""] = expectPositionals(word === "list" ? rest : positionals, of ? [of] : []);
      const query = named(given, ...Object.keys(filters));
      const limit = limitOf(given.limit);
      const access = openWorkspace(given);
      const found = rows ? rows(await access.json(path(whose))).slice(0, limit) : await readList(access, path(whose), query, limit);
      printRows(columns, found, given.json === true);
      return undefined;
    },
  });
}

async function doVerb(access: WorkspaceAccess, verb: Verb, given: readonly string[], options: Given & { yes?: boolean }): Promise<boolean> {
  const isOpen = verb.takes.at(-1)?.endsWith("…");
  const args = expectPositionals(given, isOpen ? [...verb.takes, ...given.slice(verb.takes.length)] : verb.takes);
  if (verb.asks && options.yes !== true) {
    const asked = await verb.asks(args, access);
    const { question, word } = typeof asked === "string" ? { question: asked, word: undefined } : asked;
    if (!(await askUser(question, false, word))) return false;
  }
  const call = await verb.call(args, options, access);
  if (verb.isPaged) console.log(JSON.stringify({ items: await callAgain(access, call) }, null, 2));
  else {
    const { bytes } = await send(access, call);
    if (verb.done) verb.done(bytes, args, options);
    else console.log(bytes.length ? JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), null, 2) : "Done.");
  }
  return true;
}

const send = (access: WorkspaceAccess, { method, path, body, file, headers }: Call) =>
  access.ask(method, path, file ?? (body === undefined ? undefined : asJson(body)), headers ? { headers } : {});

/** The items of all answers, until one has no cursor. */
async function callAgain(access: WorkspaceAccess, call: Call): Promise<unknown[]> {
  const items: unknown[] = [];
  let cursor: string | null | undefined;
  do {
    const { text } = await send(access, { ...call, body: { ...call.body, ...(cursor ? { cursor } : {}) } });
    const page = JSON.parse(text) as { items: unknown[]; nextCursor?: string | null };
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

const asJson = (body: unknown): Body => ({ text: JSON.stringify(body), type: "application/json" });
