import { css, html, LitElement, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../../define.ts";
import "../../ui/dialog.ts";
import "../editor/merge-view.ts";
import type { MergeViewElement } from "../editor/merge-view.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

/**
 * Two people changed the same lines: both texts, and the one that is kept.
 *
 * @fires merge-done - the text
 * @fires merge-close - nothing is decided yet
 */
export class MergeDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      inlay-dialog {
        --dialog-size: 1100px;
      }

      inlay-console-merge-view {
        max-block-size: 55dvb;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
      }

      .names {
        display: grid;
        grid-template-columns: 1fr 1fr;
        margin-block: calc(var(--_space) * 2) var(--_space);
        font-weight: 500;
      }
    `,
  ];

  @property() theirs = "";
  @property() mine = "";
  @query("inlay-console-merge-view") private view?: MergeViewElement;

  override render(): TemplateResult {
    const done = (text: string) => this.dispatchEvent(new CustomEvent("merge-done", { detail: text }));
    return html`<inlay-dialog open heading=${say("mergeTitle")} close-label=${say("close")} @dialog-close=${() => this.dispatchEvent(new CustomEvent("merge-close"))}>
      <p class="muted">${say("mergeText")}</p>
      <div class="names small"><span>${say("theirs")}</span><span>${say("mine")}</span></div>
      <inlay-console-merge-view editable .left=${this.theirs} .right=${this.mine} left-label=${say("theirs")} right-label=${say("mine")}></inlay-console-merge-view>
      <button slot="footer" class="button" type="button" @click=${() => done(this.theirs)}>${say("mergeTheirs")}</button>
      <button slot="footer" class="button primary" type="button" @click=${() => done(this.view?.text ?? this.mine)}>${say("mergeSave")}</button>
    </inlay-dialog>`;
  }
}

define("inlay-console-merge", MergeDialogElement);
