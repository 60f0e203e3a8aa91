// A regular expression as a tree. Only texts that `RegExp` has accepted come here, so that syntax needs no checking again.
import { ExpressionError } from "./expression-error.ts";

export type RegExpNode =
  | { type: "char"; test: (char: string) => boolean }
  | { type: "sequence" | "choice"; nodes: RegExpNode[] }
  | { type: "group"; node: RegExpNode; index: number }
  | { type: "repeat"; node: RegExpNode; min: number; max: number; lazy: boolean }
  | { type: "edge"; at: "start" | "end" | "word" | "inside" }
  | { type: "look" | "behind"; node: RegExpNode; negative: boolean }
  | { type: "back"; index: number };

/** Takes `regexp` apart. Throws ExpressionError for what it does not know: flags inside the expression, and sets of the flag `v`. */
export function parseRegExp(regexp: RegExp): { node: RegExpNode; groups: number } {
  const parser = new Parser(regexp);
  return { node: parser.choice(), groups: parser.groups };
}

const ESCAPE = /^\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z])/;
/** A pair of surrogates is one character, however it is written. */
const UNICODE_ESCAPE =
  /^\\(?:x[\da-fA-F]{2}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|[pP]\{[^}]*\}|c[A-Za-z])/;

class Parser {
  groups = 0;
  readonly #source: string;
  readonly #flags: string;
  readonly #names: string[] = [];
  #at = 0;

  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#flags = flags.replace(/[^isu]/g, "");
    for (const [found, name] of source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\(\?<([^=!>][^>]*)>|\((?!\?)/g))
      if (found.startsWith("(")) this.#names.push(name ?? "");
    if (flags.includes("v")) this.#refuse();
  }

  choice(): RegExpNode {
    const nodes = [this.#sequence()];
    while (this.#take("|")) nodes.push(this.#sequence());
    const [only] = nodes;
    return nodes.length === 1 && only ? only : { type: "choice", nodes };
  }

  #sequence(): RegExpNode {
    const nodes: RegExpNode[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source.charAt(this.#at))) nodes.push(this.#quantified(this.#atom()));
    return { type: "sequence", nodes };
  }

  #quantified(node: RegExpNode): RegExpNode {
    const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})(\??)/.exec(this.#source.slice(this.#at, this.#at + 40));
    if (!match) return node;
    this.#at += match[0].length;
    const [, sign, from, comma, to, lazy] = match;
    const min = sign === "+" ? 1 : Number(from ?? 0);
    const max = sign === "?" ? 1 : sign || (comma && !to) ? Number.POSITIVE_INFINITY : Number(to || from);
    return { type: "repeat", node, min, max, lazy: lazy === "?" };
  }

  #atom(): RegExpNode {
    const char = this.#source.charAt(this.#at);
    if (char === "(") return this.#group();
    if (char === "[") return this.#class();
    if (char === "\\") return this.#escape();
    if (this.#isUnicode && /[\ud800-\udbff]/.test(char)) return this.#char(this.#pass(2));
    this.#at++;
    if (char === "^") return { type: "edge", at: "start" };
    if (char === "$") return { type: "edge", at: "end" };
    return this.#char(char === "." ? "." : char.replace(/[{}\]/]/, "\\$&"));
  }

  #group(): RegExpNode {
    const [opening = "(", kind = ""] = /^\((?:\?([:=!]|<[=!]|<[^>]+>|))?/.exec(this.#source.slice(this.#at)) ?? [];
    if (opening === "(?") this.#refuse();
    this.#at += opening.length;
    const index = /^[:=!]|^<[=!]/.test(kind) ? 0 : ++this.groups;
    const node = this.choice();
    this.#at++;
    if (kind === ":") return node;
    if (index) return { type: "group", node, index };
    return { type: kind.startsWith("<") ? "behind" : "look", node, negative: kind.endsWith("!") };
  }

  #class(): RegExpNode {
    const start = this.#at++;
    while (this.#source.charAt(this.#at) !== "]") this.#at += this.#source.charAt(this.#at) === "\\" ? 2 : 1;
    return this.#char(this.#source.slice(start, ++this.#at));
  }

  #escape(): RegExpNode {
    const rest = this.#source.slice(this.#at);
    const back = /^\\([1-9]\d*)/.exec(rest);
    if (back && Number(back[1]) <= this.#names.length) {
      this.#pass(back[0].length);
      return { type: "back", index: Number(back[1]) };
    }
    const named = this.#names.some(Boolean) || this.#isUnicode ? /^\\k<([^>]+)>/.exec(rest) : null;
    if (named) {
      this.#pass(named[0].length);
      return { type: "back", index: this.#names.indexOf(named[1] ?? "") + 1 };
    }
    const [text = rest.slice(0, 2)] = (this.#isUnicode ? UNICODE_ESCAPE : ESCAPE).exec(rest) ?? [];
    this.#pass(text.length);
    if (text === "\\b") return { type: "edge", at: "word" };
    if (text === "\\B") return { type: "edge", at: "inside" };
    return this.#char(text);
  }

  get #isUnicode(): boolean {
    return this.#flags.includes("u");
  }

  #pass(length: number): string {
    this.#at += length;
    return this.#source.slice(this.#at - length, this.#at);
  }

  /** One character, as `RegExp` itself would match it; each is asked once. */
  #char(source: string): RegExpNode {
    const one = new RegExp(`^(?:${source})$`, this.#flags);
    const known = new Map<string, boolean>();
    const test = (char: string) => {
      const is = known.get(char) ?? one.test(char);
      known.set(char, is);
      return is;
    };
    return { type: "char", test };
  }

  #take(char: string): boolean {
    if (this.#source.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }

  #refuse(): never {
    throw new ExpressionError(
      "regex",
      `/${this.#source}/ changes its flags on the way, or asks for sets of the flag v: neither is available`,
      "",
    );
  }
}
