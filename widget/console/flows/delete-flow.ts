import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { at, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { viewStyles } from "../ui/view-styles.ts";
import type { FlowInfo } from "./flow-api.ts";
import { say } from "./words.ts";

interface Fallout {
  integrations: number;
  users: number;
  versions: number;
}

/** Says what goes with a flow, asks for its name, and puts it into the bin, from where it can be taken back. */
export class DeleteFlowElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property({ attribute: false }) info!: FlowInfo;
  @state() private typed = "";
  @state() private fault = "";
  @state() private isBusy = false;
  readonly #fallout = new ResourceController<Fallout>(this, {
    key: () => [this.info.key],
    load: (signal) => workspace(`flows/${at(this.info.key)}/fallout`, { signal }),
  });

  override render(): TemplateResult {
    const { name, integrations, versions } = this.info;
    const fallout = this.#fallout.value ?? { integrations, versions, users: integrations };
    const text = say("deleteText", {
      versions: say("deleteVersions", { count: fallout.versions }),
      integrations: say("deleteIntegrations", { count: fallout.integrations }),
      users: say("deleteUsers", { count: fallout.users }),
    });
    return html`<inlay-dialog open kind="alertdialog" heading=${say("deleteTitle", { name })} close-label=${say("close")} @dialog-close=${this.#close}>
      <form class="form" @submit=${this.#delete}>
        <p>${text}</p>
        <div class="field">
          <label for="typed">${say("typeName", { name })}</label>
          <input class="input" id="typed" autocomplete="off" autofocus .value=${this.typed} @input=${(event: InputEvent) => {
            this.typed = (event.target as HTMLInputElement).value;
          }} />
        </div>
        ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      </form>
      <button slot="footer" class="button danger" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.typed.trim() !== name.trim() || this.isBusy} @click=${this.#delete}>${say("deleteNow")}</button>
    </inlay-dialog>`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("delete-close"));
  };

  readonly #delete = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { key, name } = this.info;
    if (this.typed.trim() !== name.trim() || this.isBusy) return;
    this.isBusy = true;
    try {
      await workspace(`flows/${at(key)}`, { method: "DELETE", query: { confirm: name } });
      const restore = () => workspace(`bin/${at(key)}/restore`, { method: "POST" }).then(() => go(hrefOf(`/flows/${at(key)}`)));
      notify(this, { text: say("deleted", { name }), undo: restore });
      go(hrefOf("/flows"));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : english.msg("error.internal");
    } finally {
      this.isBusy = false;
    }
  };
}

define("inlay-console-delete-flow", DeleteFlowElement);
