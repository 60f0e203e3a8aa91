/** Defines `tag` unless the page has it already, so that loading the script twice is harmless. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
