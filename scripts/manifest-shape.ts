// What the generators of manifest, types and reference page read of `custom-elements.json`.

/** Something with a name in `custom-elements.json`. */
export interface Named {
  name: string;
  description?: string;
  type?: { text: string };
}
/** A property or a method of an element. */
export interface Member extends Named {
  kind: string;
  privacy?: string;
  static?: boolean;
  parameters?: (Named & { default?: string })[];
  return?: { type?: { text: string } };
}

/** One element. */
export interface Declaration extends Named {
  kind: string;
  tagName?: string;
  customElement?: boolean;
  attributes?: Named[];
  members?: Member[];
  events?: Named[];
  slots?: Named[];
  cssParts?: Named[];
  cssProperties?: Named[];
}
/** `custom-elements.json`, as far as we read it (schema 1.0.0 and 2.1.0). */
export interface Manifest {
  schemaVersion: string;
  modules: { kind: string; path: string; declarations: Declaration[]; exports: unknown[] }[];
}
