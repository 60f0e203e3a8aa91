// Tag filters that the user sets narrow the host's tag expression; they never widen it.

/** The expression for what `base` selects and that also has every tag of `chosen`. */
export function narrowTags(base: string, chosen: readonly string[]): string {
  if (!chosen.length) return base.trim();
  const terms = base.split(/[\s,]+/).filter(Boolean);
  const negative = terms.filter((term) => term.startsWith("-"));
  const positive = terms.filter((term) => !term.startsWith("-"));
  const suffix = chosen.join("+");
  const narrowed = positive.length ? positive.map((term) => joinTerms(term, suffix)) : [suffix];
  return [...narrowed, ...negative].join(" ");
}

/** `crm` and `crm+beta` make `crm+beta`: no tag stands twice. */
function joinTerms(term: string, suffix: string): string {
  return [...new Set([...term.toLowerCase().split("+"), ...suffix.split("+")])].join("+");
}
