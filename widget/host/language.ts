/** The language of `element`: its own `lang`, else the nearest one around it, through shadow roots, else the page's. */
export function languageAround(element: Element): string {
  for (let at: Element | null = element; at; ) {
    const near: Element | null = at.closest("[lang]");
    if (near) return near.getAttribute("lang") || "en";
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return document.documentElement.lang || "en";
}

/** Whether the words and the formats that are there already serve `locale`. */
export const isEnglish = (locale: string): boolean => /^en(-US)?$/i.test(locale);
