// JSONata behind guards: a budget counted in steps (a clock stands still while a Worker computes), a depth, a size; no `$eval`.
import jsonata from "jsonata";
import { BoundedRegExp } from "./bounded-regexp.ts";
import { ExpressionError, type ExpressionErrorCode } from "./expression-error.ts";
import { overrides } from "./jsonata-functions.ts";
import { findReads } from "./jsonata-reads.ts";
import { EXPRESSION_LIMITS as LIMITS } from "./limits.ts";
import { type Budget, type Evaluator, isRecord, toPlain } from "./plain.ts";

const EXIT = Symbol.for("jsonata.__evaluate_exit");
const BUDGET = "inlay budget";

/** What `spend` looks at: whether the node may have made a new text. */
interface Node {
  type: string;
  value: unknown;
}

/** Characters of new text that cost as much as an item of a list. */
const CHARACTERS = 16;

interface Frame {
  lookup(name: string): unknown;
}

/** Parses `text`, which stands at `offset` of its template. Throws ExpressionError with code `syntax`. */
export function compileJsonata(text: string, offset: number): { evaluate: Evaluator; reads: string[] } {
  const options = { timeout: LIMITS.milliseconds, stack: LIMITS.depth, sequence: LIMITS.sequence, RegexEngine: BoundedRegExp };
  let compiled: jsonata.Expression;
  try {
    compiled = Reflect.apply(jsonata, undefined, [text, options]) as jsonata.Expression;
  } catch (error) {
    throw explain(error, text, offset, "syntax");
  }
  const reads = findReads(compiled.ast(), text, offset);
  const spend = (node: Node, _input: unknown, frame: Frame, result: unknown) => {
    const budget = frame.lookup(BUDGET) as Budget;
    budget.left -= LIMITS.step + (Array.isArray(result) ? result.length : 0);
    if (typeof result === "string" && (node.value === "&" || node.type === "function")) {
      if (result.length > LIMITS.text) throw { code: "D2015", value: result.length };
      budget.left -= result.length / CHARACTERS;
    }
    if (budget.left < 0) throw { code: "D1012", value: LIMITS.milliseconds };
  };
  // JSONata looks its hooks up by symbol; its types know names alone.
  Reflect.apply(compiled.assign, compiled, [EXIT, spend]);
  const evaluate: Evaluator = async (scope, clock, budget = { left: LIMITS.budget }) => {
    try {
      const bindings = { ...overrides(clock, budget), [BUDGET]: budget };
      return toPlain(await compiled.evaluate(scope, bindings));
    } catch (error) {
      throw explain(error, text, offset, "value");
    }
  };
  return { evaluate, reads };
}

function explain(error: unknown, text: string, offset: number, fallback: ExpressionErrorCode): ExpressionError {
  if (error instanceof ExpressionError) return error.expression ? error : new ExpressionError(error.code, error.message, text, offset);
  const { code, message, position } = isRecord(error) || error instanceof Error ? (error as Partial<jsonata.JsonataError>) : {};
  const at = typeof position === "number" ? offset + Math.max(0, position - 1) : offset;
  const kind = codeOf(code, fallback);
  return new ExpressionError(kind, WORDS[kind] ?? message ?? String(error), text, at);
}

/** JSONata's own words for these speak of limits that are not ours. */
const WORDS: Partial<Record<ExpressionErrorCode, string>> = {
  depth: "It calls itself too deeply: look for a recursion that does not end",
  timeout: "It takes too many steps: look for a recursion that does not end, or do the work in several steps or in code",
  size: `It makes a list of more than ${LIMITS.sequence} items, or a text of more than ${LIMITS.text} characters`,
};

function codeOf(code: unknown, fallback: ExpressionErrorCode): ExpressionErrorCode {
  if (typeof code !== "string") return fallback;
  if (code === "D1011") return "depth";
  if (code === "D1012") return "timeout";
  if (code === "D2014" || code === "D2015") return "size";
  if (code === "D3137" || code === "D3141") return "thrown";
  if (code.startsWith("S")) return "syntax";
  return code.startsWith("T") ? "type" : "value";
}
