// Names of controls that repeat row by row: whoever hears them alone must know which is which. Pure.

/** `names`, each there once: one that comes again is told with its `more`, and counted where that does not tell it apart. */
export function tellApart(names: readonly string[], mores: readonly string[] = []): string[] {
  const longer = names.map((name, at) => {
    const more = mores[at];
    return more && more !== name && names.indexOf(name) !== names.lastIndexOf(name) ? `${name}, ${more}` : name;
  });
  return longer.map((name, at) => {
    const nth = longer.slice(0, at).filter((other) => other === name).length;
    return nth ? `${name} (${nth + 1})` : name;
  });
}
