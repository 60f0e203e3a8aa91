/** The member's choice of colours; kept in this browser. */
export type Theme = "auto" | "light" | "dark";

const NAME = "inlay-console-theme";

export function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(NAME);
    return stored === "light" || stored === "dark" ? stored : "auto";
  } catch {
    return "auto";
  }
}

/** Also tells the page, so that its own ground follows. */
export function storeTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === "auto" ? "light dark" : theme;
  window.dispatchEvent(new CustomEvent("inlay-console-theme"));
  try {
    localStorage.setItem(NAME, theme);
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}
