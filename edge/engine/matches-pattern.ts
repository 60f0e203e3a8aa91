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
