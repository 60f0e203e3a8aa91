// Dialogs with a form that is sent: busy while it is on its way, and open with the reason where it was refused.
import { css, html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { viewStyles } from "./view-styles.ts";

/** What elements adopt that are nothing but a dialog. */
export const dialogStyles = [
  ...viewStyles,
  css`
    :host {
      display: contents;
    }

    select.input {
      appearance: auto;
    }
  `,
];

/** Sends something once at a time. `fault`: why the last try was refused; empty where it was not. */
export class SendController implements ReactiveController {
  isBusy = false;
  fault = "";
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Does `work` unless something is on its way; what it throws becomes the fault. */
  async send(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.refuse("");
    try {
      await work();
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
    }
    this.isBusy = false;
    this.#host.requestUpdate();
  }

  /** Says why nothing is sent. */
  refuse(fault: string): void {
    this.fault = fault;
    this.#host.requestUpdate();
  }
}

interface FormDialog {
  heading: string;
  closeLabel: string;
  /** Of the button that sends the form; `danger` where it takes something away. */
  label: string;
  tone?: "primary" | "danger";
  body: unknown;
  sending: SendController;
  /** Nothing can be sent yet. */
  isDisabled?: boolean;
  close: () => void;
  submit: (data: FormData) => void;
}

/** A dialog with a form; Enter in a field sends it as its button does. */
export function formDialog({
  heading,
  closeLabel,
  label,
  tone = "primary",
  body,
  sending,
  isDisabled,
  close,
  submit,
}: FormDialog): TemplateResult {
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isDisabled) submit(new FormData(event.currentTarget as HTMLFormElement));
  };
  const press = (event: Event) => (event.currentTarget as HTMLElement).closest("inlay-dialog")?.querySelector("form")?.requestSubmit();
  return html`<inlay-dialog open kind=${tone === "danger" ? "alertdialog" : nothing} heading=${heading} close-label=${closeLabel} @dialog-close=${close}>
    <form class="form" @submit=${take}>
      ${body} ${sending.fault ? callout({ tone: "danger", text: sending.fault }) : nothing}
      <button hidden></button>
    </form>
    <button slot="footer" class="button ${tone}" type="button" aria-busy=${sending.isBusy ? "true" : nothing} ?disabled=${sending.isBusy || isDisabled} @click=${press}>${label}</button>
  </inlay-dialog>`;
}
