/** Why an expression failed. `syntax` is found when compiling; the others when evaluating. */
export type ExpressionErrorCode = "syntax" | "timeout" | "depth" | "size" | "type" | "value" | "regex" | "thrown";

/** An expression that cannot be parsed or evaluated. `position` counts characters from 0 in the text that holds it. */
export class ExpressionError extends Error {
  readonly code: ExpressionErrorCode;
  readonly expression: string;
  readonly position?: number;
  /** Where the template stands that holds it, such as `with.email`: set by who evaluates it. */
  field?: string;

  constructor(code: ExpressionErrorCode, message: string, expression: string, position?: number) {
    super(message);
    this.name = "ExpressionError";
    this.code = code;
    this.expression = expression;
    if (position !== undefined) this.position = position;
  }
}
