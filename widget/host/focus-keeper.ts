// Who works by keyboard or listens has one place in the page. Where what holds the focus is taken away (a button that has done its work,
// a row that was removed, a page that has made room for another), the browser forgets that place; here the nearest that is left takes it.

/** One step from the focused element outwards: a node, and where among its siblings it stood. */
interface Step {
  node: Node;
  at: number;
}

/** Keeps the focus inside `host`, an element with an open shadow root, while what it shows changes. It lives as long as `host`. */
export function keepFocus(host: HTMLElement): void {
  let steps: Step[] = [];
  let isAsked = false;
  const observer = new MutationObserver(() => {
    if (isAsked) return;
    isAsked = true;
    // Once whoever changes the page has had the time to lead the focus itself.
    setTimeout(() => {
      isAsked = false;
      const [focused] = steps;
      if (focused && !focused.node.isConnected && isLost()) nearestLeft(steps, host)?.focus();
    }, 50);
  });
  const remember = () => {
    const focused = deepFocus(host);
    if (!focused || focused === steps[0]?.node) return;
    steps = stepsFrom(focused, host);
    observer.disconnect();
    for (const { node } of steps) if (node instanceof ShadowRoot) observer.observe(node, { childList: true, subtree: true });
  };
  for (const name of ["focusin", "keydown", "click"]) host.addEventListener(name, remember);
  // On the way down: what is clicked may be gone on the way up, and of a focus that moves within a shadow root nothing is heard here.
  host.addEventListener("click", remember, true);
  remember();
}

const isLost = () => document.activeElement === null || document.activeElement === document.body;

/** What has the focus inside `host`, through shadow roots. */
function deepFocus(host: HTMLElement): Element | undefined {
  let focused: Element | null | undefined = host.shadowRoot?.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused ?? undefined;
}

function stepsFrom(focused: Element, host: HTMLElement): Step[] {
  const steps: Step[] = [];
  for (let node: Node | null = focused; node && node !== host; node = node instanceof ShadowRoot ? node.host : node.parentNode)
    steps.push({ node, at: node instanceof Element ? [...(node.parentNode?.children ?? [])].indexOf(node) : 0 });
  return steps;
}

/** From the inside out: what took the place of what is gone, what follows it, whatever is there. */
function nearestLeft(steps: readonly Step[], host: HTMLElement): HTMLElement | undefined {
  for (const [index, { at }] of steps.entries()) {
    const around = steps[index + 1]?.node ?? host.shadowRoot;
    if (!around?.isConnected || !(around instanceof Element || around instanceof ShadowRoot)) continue;
    const children = [...around.children];
    for (const child of [...children.slice(at), ...children]) {
      const found = firstIn(child);
      if (found) return found;
    }
  }
  return undefined;
}

function firstIn(element: Element): HTMLElement | undefined {
  if (!element.checkVisibility()) return undefined;
  if (element instanceof HTMLElement && element.tabIndex >= 0 && !element.matches(":disabled")) return element;
  for (const child of [...(element.shadowRoot?.children ?? []), ...element.children]) {
    const found = firstIn(child);
    if (found) return found;
  }
  return undefined;
}
