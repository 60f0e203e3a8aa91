// Regular expressions that cannot run for ever: the usual backtracking, with a budget of steps.
import { ExpressionError } from "./expression-error.ts";
import { EXPRESSION_LIMITS as LIMITS } from "./limits.ts";
import { parseRegExp, type RegExpNode } from "./regexp-nodes.ts";

/** Whether the two units at `at` are one code point. */
const isPair = (text: string, at: number) => (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

type Next = (at: number) => number;
const WORD = /\w/;
const FAILED = -1;

/** Stands in for `RegExp` in JSONata, which constructs it from one and calls `exec`. Throws ExpressionError (`regex`) out of budget. */
export class BoundedRegExp {
  lastIndex = 0;
  readonly #regexp: RegExp;
  readonly #root: RegExpNode;
  readonly #groups: number;
  readonly #isUnicode: boolean;
  #text = "";
  #steps = 0;
  #captures: ([number, number] | undefined)[] = [];

  constructor(regexp: RegExp) {
    const { node, groups } = parseRegExp(regexp);
    this.#regexp = regexp;
    this.#root = node;
    this.#groups = groups;
    this.#isUnicode = regexp.unicode;
  }

  /** As `RegExp.prototype.exec` with the `g` flag: from `lastIndex` on, which it moves. */
  exec(text: string): RegExpExecArray | null {
    this.#text = text;
    this.#steps = 0;
    try {
      return this.#search();
    } catch (error) {
      if (error instanceof RangeError) throw this.#tooMuch("the text has too many parts for its groups");
      throw error;
    }
  }

  #search(): RegExpExecArray | null {
    for (let start = this.lastIndex; start <= this.#text.length; start += this.#charAt(start).length || 1) {
      this.#captures = [];
      const end = this.#match(this.#root, start, (at) => at);
      if (end === FAILED) continue;
      this.lastIndex = end;
      const groups = Array.from({ length: this.#groups }, (_, index) => {
        const range = this.#captures[index + 1];
        return range && this.#text.slice(...range);
      });
      const found = [this.#text.slice(start, end), ...groups];
      return Object.assign(found, { index: start, input: this.#text }) as RegExpExecArray;
    }
    this.lastIndex = 0;
    return null;
  }

  #match(node: RegExpNode, at: number, next: Next): number {
    if (++this.#steps > LIMITS.regexSteps) throw this.#tooMuch("it takes too many steps on this text");
    switch (node.type) {
      case "char":
        return at < this.#text.length && node.test(this.#charAt(at)) ? next(at + this.#charAt(at).length) : FAILED;
      case "sequence":
        return this.#sequence(node.nodes, 0, at, next);
      case "choice":
        for (const one of node.nodes) {
          const end = this.#match(one, at, next);
          if (end !== FAILED) return end;
        }
        return FAILED;
      case "group":
        return this.#match(node.node, at, (end) => this.#capture(node.index, [at, end], () => next(end)));
      case "repeat":
        return node.node.type === "char" ? this.#repeatChar(node, node.node.test, at, next) : this.#repeat(node, 0, at, next);
      case "edge":
        return this.#isAt(node.at, at) ? next(at) : FAILED;
      case "look":
        return (this.#match(node.node, at, (end) => end) !== FAILED) !== node.negative ? next(at) : FAILED;
      case "behind":
        return this.#isBehind(node.node, at) !== node.negative ? next(at) : FAILED;
      case "back": {
        const range = this.#captures[node.index];
        const text = range ? this.#text.slice(...range) : "";
        return this.#text.startsWith(text, at) ? next(at + text.length) : FAILED;
      }
    }
  }

  #sequence(nodes: readonly RegExpNode[], index: number, at: number, next: Next): number {
    const node = nodes[index];
    return node ? this.#match(node, at, (end) => this.#sequence(nodes, index + 1, end, next)) : next(at);
  }

  #capture(index: number, range: [number, number], next: () => number): number {
    const before = this.#captures[index];
    this.#captures[index] = range;
    const end = next();
    if (end === FAILED) this.#captures[index] = before;
    return end;
  }

  #repeat(node: RegExpNode & { type: "repeat" }, count: number, at: number, next: Next): number {
    const more = () =>
      count < node.max
        ? this.#match(node.node, at, (end) => (end === at && count >= node.min ? FAILED : this.#repeat(node, count + 1, end, next)))
        : FAILED;
    const enough = () => (count >= node.min ? next(at) : FAILED);
    const first = node.lazy ? enough() : more();
    return first !== FAILED ? first : node.lazy ? more() : enough();
  }

  /** Without a frame for each character: texts are long. */
  #repeatChar({ min, max, lazy }: RegExpNode & { type: "repeat" }, test: (char: string) => boolean, at: number, next: Next): number {
    const fits = (end: number) => end < this.#text.length && test(this.#charAt(end));
    let [end, count] = [at, 0];
    for (; count < (lazy ? min : max) && fits(end); count++) end += this.#charAt(end).length;
    this.#steps += count;
    if (count < min) return FAILED;
    while (true) {
      if (++this.#steps > LIMITS.regexSteps) throw this.#tooMuch("it takes too many steps on this text");
      const result = next(end);
      if (result !== FAILED) return result;
      if (lazy ? count >= max || !fits(end) : count <= min) return FAILED;
      count += lazy ? 1 : -1;
      end += lazy ? this.#charAt(end).length : -this.#charBefore(end).length;
    }
  }

  /** Whether something that ends at `at` fits, wherever it begins. */
  #isBehind(node: RegExpNode, at: number): boolean {
    for (let start = at; start >= 0; start--) if (this.#match(node, start, (end) => (end === at ? end : FAILED)) !== FAILED) return true;
    return false;
  }

  /** The character at `at`: a code point where the expression counts those, else a UTF-16 unit. */
  #charAt(at: number): string {
    if (!this.#isUnicode || !isPair(this.#text, at)) return this.#text.charAt(at);
    return this.#text.slice(at, at + 2);
  }

  #charBefore(at: number): string {
    return this.#isUnicode && isPair(this.#text, at - 2) ? this.#text.slice(at - 2, at) : this.#text.charAt(at - 1);
  }

  #isAt(edge: "start" | "end" | "word" | "inside", at: number): boolean {
    const [before, after] = [this.#text.charAt(at - 1), this.#text.charAt(at)];
    const isLine = this.#regexp.multiline;
    if (edge === "start") return at === 0 || (isLine && /[\n\r\u2028\u2029]/.test(before));
    if (edge === "end") return at === this.#text.length || (isLine && /[\n\r\u2028\u2029]/.test(after));
    return (WORD.test(before) !== WORD.test(after)) === (edge === "word");
  }

  #tooMuch(why: string): ExpressionError {
    return new ExpressionError("regex", `/${this.#regexp.source}/ was broken off: ${why}. Make it say more exactly what it looks for`, "");
  }
}
