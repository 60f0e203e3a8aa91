import type { ReactiveController, ReactiveControllerHost } from "lit";

type Scheme = "light" | "dark";
const WATCHED = ["class", "style", "data-theme", "data-color-scheme", "data-mode"];
const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");

/**
 * Finds light or dark for `theme="auto"`: the page's declared `color-scheme`; else the brightness of what the element stands on; else, on a bare
 * page, the system's. The element updates where the page changes that, or a language. Shown as the states `:state(light)`, `:state(dark)`, and `:state(opaque)` where the ground would not suit the text.
 */
export class ThemeController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #states: CustomStateSet;
  readonly #theme: () => string;
  readonly #dark = prefersDark();
  #observer: MutationObserver | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, states: CustomStateSet, theme: () => string) {
    this.#host = host;
    this.#states = states;
    this.#theme = theme;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(this.#changed);
    const root = rootOf(this.#host);
    for (const element of [root, root.querySelector("body")]) if (element) this.#observer.observe(element, { attributeFilter: WATCHED });
    this.#observer.observe(this.#host.ownerDocument, { attributeFilter: ["lang"], subtree: true });
    this.#dark.addEventListener("change", this.#changed);
    this.#changed();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#dark.removeEventListener("change", this.#changed);
  }

  readonly #changed = (): void => this.#host.requestUpdate();

  hostUpdated(): void {
    const theme = this.#theme();
    const ground = groundOf(this.#host);
    const declared = declaredScheme(this.#host.parentElement ?? rootOf(this.#host));
    const chosen: Scheme = theme === "light" || theme === "dark" ? theme : (declared ?? ground ?? (this.#dark.matches ? "dark" : "light"));
    const under = ground ?? declaredScheme(rootOf(this.#host)) ?? "light";
    this.#set("light", chosen === "light");
    this.#set("dark", chosen === "dark");
    this.#set("opaque", chosen !== under);
  }

  #set(name: string, isSet: boolean): void {
    if (this.#states.has(name) === isSet) return;
    if (isSet) this.#states.add(name);
    else this.#states.delete(name);
  }
}

/** The scheme that `color-scheme` yields at `element`; undefined where the page declares none. */
function declaredScheme(element: Element): Scheme | undefined {
  const words = getComputedStyle(element).colorScheme.split(/\s+/);
  const can = (scheme: Scheme) => words.includes(scheme);
  if (can("dark") && (prefersDark().matches || !can("light"))) return "dark";
  return can("light") ? "light" : undefined;
}

/** Whether the nearest painted ground under `element` is light or dark; undefined where nothing is painted. */
function groundOf(element: Element): Scheme | undefined {
  for (let at = parentOf(element); at; at = parentOf(at)) {
    const [red = 0, green = 0, blue = 0, alpha = 1] =
      getComputedStyle(at)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number) ?? [];
    if (alpha > 0.5) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110 ? "dark" : "light";
  }
  return undefined;
}

function parentOf(element: Element): Element | null {
  const root = element.parentElement ? null : element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** The page's root element, by the way up: a page may have an element named "documentElement", which the document would answer instead. */
function rootOf(element: Element): Element {
  const above = parentOf(element);
  return above ? rootOf(above) : element;
}
