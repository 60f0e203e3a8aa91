import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Tells when a bar with `position: sticky` at the end is held at the window's edge, with content passing behind it: it then has the class
 * `stuck`, and `--_ground` is the colour that is painted behind it. Put an element right after the bar; it is what is watched.
 */
export class StuckController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #findBar: () => HTMLElement | null | undefined;
  readonly #observer = new IntersectionObserver((entries) => this.#judge(entries.at(-1)));
  readonly #around = new MutationObserver(() => this.#repaint());
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #watched: Element | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, findBar: () => HTMLElement | null | undefined) {
    this.#host = host;
    this.#findBar = findBar;
    host.addController(this);
  }

  hostConnected(): void {
    for (let at: Element | null = this.#host; at; at = parentOf(at)) this.#around.observe(at, { attributes: true });
    this.#dark.addEventListener("change", this.#repaint);
  }

  hostUpdated(): void {
    const end = this.#findBar()?.nextElementSibling ?? undefined;
    if (end === this.#watched) return;
    this.#observer.disconnect();
    this.#watched = end;
    if (end) this.#observer.observe(end);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#around.disconnect();
    this.#dark.removeEventListener("change", this.#repaint);
    this.#watched = undefined;
  }

  #judge(entry: IntersectionObserverEntry | undefined): void {
    const bar = this.#findBar();
    if (!entry || !bar) return;
    const isBelow = !entry.isIntersecting && entry.boundingClientRect.top > 0;
    bar.classList.toggle("stuck", isBelow);
    this.#paint(bar);
  }

  /** The page may have gone dark or light. */
  #repaint = () =>
    requestAnimationFrame(() => {
      const bar = this.#findBar();
      if (bar) this.#paint(bar);
    });

  #paint(bar: HTMLElement): void {
    const ground = bar.classList.contains("stuck") ? groundOf(this.#host) : undefined;
    if (ground) bar.style.setProperty("--_ground", ground);
    else bar.style.removeProperty("--_ground");
  }
}

/** The colour painted behind `element`, through shadow roots; undefined where nothing is. */
export function groundOf(element: Element): string | undefined {
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const { backgroundColor } = getComputedStyle(at);
    const alpha = /^rgba?\([^)]*?(?:[,/]\s*([\d.]+)%?)?\)$/.exec(backgroundColor)?.[1];
    const isPainted = backgroundColor !== "transparent" && !(backgroundColor.startsWith("rgba") && Number(alpha ?? 1) < 0.9);
    if (isPainted) return backgroundColor;
  }
  return undefined;
}

function parentOf(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  const root = element.parentElement ? null : element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
