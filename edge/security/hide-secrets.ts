// What lies in storage beside a run: JSON in which no secret of its setup form stands. Each is replaced by a mark that names its field; the
// configuration that the run keeps holds the secret itself, sealed. So nothing is encrypted twice, and nothing on the way to a row waits.

import { base64Pieces } from "./base64-pieces.ts";

/** A secret field of a setup form, open. */
export interface FieldSecret {
  field: string;
  value: string;
}

/** Secrets made ready for a configuration's texts: what is looked for, and what it becomes. */
export interface HiddenSecrets {
  /** What is looked for, and all of it at once. */
  readonly texts: readonly string[];
  readonly pattern: RegExp;
  readonly marks: ReadonlyMap<string, string>;
  readonly shown: ReadonlyMap<string, string>;
}

/** Shorter ones would be found in every second text. */
const SHORTEST = 4;
/** Of Unicode's private use: hardly ever in a text; one that holds it gets it back all the same. */
const OPEN = "\ue000";
const CLOSE = "\ue001";
const MARK = /\ue000([^\ue001]*)\ue001/g;
/** Where nothing is hidden. */
export const NO_SECRETS: HiddenSecrets = { texts: [], pattern: /(?!)/g, marks: new Map(), shown: new Map() };

/** Prepares `secrets`; those of less than 4 characters are not hidden. */
export function prepareSecrets(secrets: readonly FieldSecret[]): HiddenSecrets {
  const spelled = secrets.filter(({ value }) => value.length >= SHORTEST).flatMap(spellingsOf);
  if (spelled.length === 0) return NO_SECRETS;
  const texts = [...new Set(spelled.map(({ text }) => text))].sort((a, b) => b.length - a.length);
  const escaped = [...texts, OPEN].map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return {
    ...{ texts, pattern: new RegExp(escaped.join("|"), "g") },
    marks: new Map([[OPEN, OPEN + CLOSE], ...spelled.map(({ name, text }): [string, string] => [text, OPEN + name + CLOSE])]),
    shown: new Map(spelled.map(({ name, text }) => [name, text])),
  };
}

/** A secret as it stands in JSON: as it is, in JSON that is a text there, in a URL, in base64 by itself or inside something longer. */
function spellingsOf({ field, value }: FieldSecret): { name: string; text: string }[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(value))).replace(/=+$/, "");
  const encoded = encodeURIComponent(value.toWellFormed());
  const all: [string, string][] = [
    ["", inJson],
    ["~nested", JSON.stringify(inJson).slice(1, -1)],
    ["~url", encoded],
    ["~form", encoded.replaceAll("%20", "+")],
    ["~base64", base64],
    ...base64Pieces(value).map((piece, index): [string, string] => [`~piece${index}`, piece]),
  ];
  const isNew = (text: string, index: number) => all.findIndex(([, one]) => one === text) === index;
  return all.filter(([, text], index) => isNew(text, index)).map(([how, text]) => ({ name: field + how, text }));
}

/** `json` without the secrets; {@link showSecrets} gives it back letter by letter. */
export function hideSecrets(json: string, { texts, pattern, marks }: HiddenSecrets): string {
  if (texts.length === 0 || !(json.includes(OPEN) || texts.some((text) => json.includes(text)))) return json;
  return json.replace(pattern, (found) => marks.get(found) ?? found);
}

/**
 * What {@link hideSecrets} was given. A mark that names a secret which is not among these, of another configuration, becomes `missing`;
 * without it, throws.
 */
export function showSecrets(text: string, { texts, shown }: HiddenSecrets, missing?: string): string {
  if ((texts.length === 0 && missing === undefined) || !text.includes(OPEN)) return text;
  return text.replace(MARK, (_, name: string) => {
    const secret = name === "" ? OPEN : (shown.get(name) ?? missing);
    if (secret === undefined) throw new Error(`a stored text names the secret ${name}, which its configuration does not have`);
    return secret;
  });
}

/** The same for those who only look: each secret is `•••`. Needs no configuration. */
export function maskHidden(text: string): string {
  return text.includes(OPEN) ? text.replace(MARK, (_, name: string) => (name === "" ? OPEN : "•••")) : text;
}
