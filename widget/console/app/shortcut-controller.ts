import type { ReactiveController, ReactiveControllerHost } from "lit";
import { go, hrefOf } from "./place.ts";
import { SECTIONS } from "./sections.ts";

const SEQUENCE_MS = 1_200;

/** Whether the key is meant for what has the focus: a text field, an editor, a menu. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || /^(input|textarea|select)$/i.test(target.localName) || target.closest("[role=menu],[role=listbox]") !== null
  );
}

/** The console's keys: Ctrl or Cmd-K, `?`, `/`, and `g` with a section's letter. */
export class ShortcutController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #does: { palette: () => void; help: () => void; isBusy: () => boolean };
  #wentAt = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, does: { palette: () => void; help: () => void; isBusy: () => boolean }) {
    this.#host = host;
    this.#does = does;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("keydown", this.#press);
  }

  hostDisconnected(): void {
    window.removeEventListener("keydown", this.#press);
  }

  readonly #press = (event: KeyboardEvent): void => {
    if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.#does.palette();
      return;
    }
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event) || this.#does.isBusy()) return;
    const isSequence = Date.now() - this.#wentAt < SEQUENCE_MS;
    this.#wentAt = event.key === "g" ? Date.now() : 0;
    const section = isSequence ? SECTIONS.find(({ key }) => key === event.key) : undefined;
    if (section) go(hrefOf(section.path));
    else if (event.key === "?") this.#does.help();
    else if (event.key === "/") this.#host.dispatchEvent(new CustomEvent("console-search"));
    else return;
    event.preventDefault();
  };
}
