import { html, type TemplateResult } from "lit";
import "../../ui/dialog.ts";
import { say } from "../words.ts";

/** Asks before something that cannot be taken back. */
export const askRemoval = (
  heading: string,
  text: string,
  label: string,
  close: () => void,
  remove: () => void,
): TemplateResult => html`<inlay-dialog
  open
  kind="alertdialog"
  heading=${heading}
  close-label=${say("close")}
  @dialog-close=${close}
>
  <p>${text}</p>
  <button slot="footer" class="button danger" type="button" autofocus @click=${() => {
    close();
    remove();
  }}>${label}</button>
</inlay-dialog>`;
