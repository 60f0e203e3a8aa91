// Tag expressions select flows: space = or, `+` = and, a leading `-` = not, without regard to case.

/** What a tag expression asks for: any of `any` (each a list of tags that must all be there), and none of `none`. */
export interface TagExpression {
  any: string[][];
  none: string[];
}

/** Reads `crm+beta billing -internal` as ((crm and beta) or billing) and not internal. Never fails: blanks are dropped. */
export function parseTags(text: string): TagExpression {
  const any: string[][] = [];
  const none: string[] = [];
  for (const term of text.toLowerCase().split(/[\s,]+/)) {
    if (term.startsWith("-")) {
      if (term.length > 1) none.push(term.slice(1));
    } else {
      const all = term.split("+").filter(Boolean);
      if (all.length) any.push(all);
    }
  }
  return { any, none };
}

/** Whether `tags` satisfy `expression`. An expression without positive terms lets everything through that it does not exclude. */
export function matchesTags(expression: TagExpression, tags: readonly string[]): boolean {
  const has = new Set(tags.map((tag) => tag.toLowerCase()));
  if (expression.none.some((tag) => has.has(tag))) return false;
  return expression.any.length === 0 || expression.any.some((all) => all.every((tag) => has.has(tag)));
}
