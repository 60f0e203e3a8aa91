import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { SignedInWorkspace } from "../../../shared/api/member.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { downIcon } from "../../ui/icons.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "../words.ts";
import { listAll, workspace } from "./api.ts";
import { attempt } from "./notice.ts";
import { hrefOf } from "./place.ts";

/** The workspace that is shown, and the others that this browser is signed in to. */
export class WorkspacesElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: block;
        flex: none;
        container-type: normal;
      }

      .workspace {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        inline-size: 100%;
        min-block-size: 36px;
        padding-inline: calc(var(--_space) * 2);
        border: 0;
        border-radius: var(--_radius);
        background: none;
        text-align: start;
        overflow-wrap: anywhere;
      }

      button.workspace {
        cursor: pointer;
      }

      button.workspace:hover {
        background: var(--_sunken);
      }

      strong {
        flex: 1;
        font-weight: 600;
      }

      .mark {
        display: grid;
        place-items: center;
        inline-size: 22px;
        block-size: 22px;
        flex: none;
        border-radius: var(--_radius-s);
        background: var(--_accent);
        color: var(--_on-accent);
        font-size: var(--_size-xs);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) current!: { id: string; name: string };
  readonly #all = new ResourceController<SignedInWorkspace[]>(this, {
    key: () => ["workspaces"],
    load: async (signal) => {
      const all = await listAll<SignedInWorkspace>("workspaces", {}, signal);
      if (all.length > 1)
        await Promise.all([
          import("@awesome.me/webawesome/dist/components/dropdown/dropdown.js"),
          import("@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js"),
        ]);
      return all;
    },
  });

  override render(): TemplateResult {
    const { name } = this.current;
    const face = html`<span class="mark" aria-hidden="true">${[...name][0]?.toLocaleUpperCase() ?? ""}</span><strong>${name}</strong>`;
    const others = (this.#all.value ?? []).filter(({ id }) => id !== this.current.id);
    if (!others.length) return html`<div class="workspace">${face}</div>`;
    return html`<wa-dropdown @wa-select=${this.#choose}>
      <button slot="trigger" class="workspace" type="button" aria-label=${say("switchWorkspace", { name })}>${face}${downIcon}</button>
      ${others.map((one) => html`<wa-dropdown-item value=${one.id}>${one.name}${one.role ? html` <span class="muted small">${one.role}</span>` : nothing}</wa-dropdown-item>`)}
    </wa-dropdown>`;
  }

  readonly #choose = async (event: CustomEvent<{ item: { value: string } }>): Promise<void> => {
    const to = event.detail.item.value;
    if (await attempt(this, () => workspace("switch", { method: "POST", body: { workspace: to } }))) location.assign(hrefOf("/"));
  };
}

define("inlay-console-workspaces", WorkspacesElement);
