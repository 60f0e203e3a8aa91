// Keys out of the names that documents give: `listUserRepos`, `repos/list`, `created[gte]`.

/** A key of small letters, digits and `_`, beginning with a letter, at most 60 characters; `fallback` where nothing is left. */
export function toKey(name: string, fallback: string): string {
  const key = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase()
    .replace(/^[^a-z]+/, "")
    .replace(/_+$/, "")
    .slice(0, 60);
  return key || fallback;
}

/** Gives out each key once: the second `id` is `id_2`. */
export class Keys {
  readonly #taken = new Set<string>();

  take(name: string, fallback: string): string {
    const key = toKey(name, fallback);
    let free = key;
    for (let number = 2; this.#taken.has(free); number++) free = `${key}_${number}`;
    this.#taken.add(free);
    return free;
  }
}

/** `user_id` and `userId` as people read them: “User id”. */
export function toLabel(name: string): string {
  const words = toKey(name, name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first sentence of a text, without markup, at most 200 characters. */
export function firstSentence(text: string): string {
  const plain = text
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*_#]+/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const [sentence = ""] = plain.split(/(?<=[.!?])\s/);
  return sentence.length > 200 ? `${sentence.slice(0, 199)}…` : sentence;
}
