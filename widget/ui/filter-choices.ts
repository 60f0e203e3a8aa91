/** What a list offers. `detail` stands smaller at the end of the row, such as a type, a sample or a UTC offset. */
export interface Choice {
  value: string | number | boolean;
  label: string;
  group?: string | undefined;
  detail?: string | undefined;
  required?: boolean | undefined;
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The choices that have every word of `search` in their label, group or detail, without regard to case and accents. Order stays. */
export function filterChoices<T extends Choice>(choices: readonly T[], search: string): T[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...choices];
  return choices.filter((choice) => {
    const text = plain(`${choice.label} ${choice.group ?? ""} ${choice.detail ?? ""}`);
    return words.every((word) => text.includes(word));
  });
}

/** Choices in runs of one group, in the order in which the groups first appear; those without a group come first. */
export function groupChoices<T extends Choice>(choices: readonly T[]): { group: string; choices: T[] }[] {
  const groups = new Map<string, T[]>([["", []]]);
  for (const choice of choices) {
    const group = choice.group ?? "";
    const list = groups.get(group);
    if (list) list.push(choice);
    else groups.set(group, [choice]);
  }
  return [...groups].filter(([, list]) => list.length > 0).map(([group, list]) => ({ group, choices: list }));
}
