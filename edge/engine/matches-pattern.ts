import { BoundedRegExp } from "./bounded-regexp.ts";

/** Whether `value` fits a field's `pattern`, in a bounded number of steps: a pattern that takes more counts as one that does not fit. */
export function matchesPattern(pattern: string, value: string): boolean {
  const regexp = new RegExp(pattern, "u");
  const bounded = new BoundedRegExp(regexp);
  try {
    return bounded.exec(value) !== null;
  } catch {
    return false;
  }
}

/** Why `pattern` cannot be a field's, in words; undefined where the widget and the edge both check values with it. */
export function checkPattern(pattern: string): string | undefined {
  try {
    new BoundedRegExp(new RegExp(pattern, "u"));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
