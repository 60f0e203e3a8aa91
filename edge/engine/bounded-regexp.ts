import { ExpressionError } from "./expression-error.ts";

const MAX_INPUT = 20_000;

/** The regular expressions of expressions: those that may run for ever are refused, and so are texts over 20,000 characters. */
export class BoundedRegExp {
  readonly #regexp: RegExp;

  constructor(regexp: RegExp) {
    if (/\([^)]*[*+{][^)]*\)\s*[*+{]|\([^)]*\|[^)]*\)\s*[*+{]|\\[1-9]/.test(regexp.source))
      throw new ExpressionError(
        "regex",
        `/${regexp.source}/ repeats a group that itself repeats or chooses: write it without the inner one`,
        "",
      );
    this.#regexp = new RegExp(regexp.source, regexp.flags.includes("g") ? regexp.flags : `${regexp.flags}g`);
  }

  get lastIndex(): number {
    return this.#regexp.lastIndex;
  }

  set lastIndex(index: number) {
    this.#regexp.lastIndex = index;
  }

  exec(text: string): RegExpExecArray | null {
    if (text.length > MAX_INPUT) throw new ExpressionError("regex", `a regular expression looks at ${MAX_INPUT} characters at most`, "");
    return this.#regexp.exec(text);
  }
}
