import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { trashIcon } from "../../ui/icons.ts";
import "../../ui/menu.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

interface BinnedFlow {
  key: string;
  name: string;
  deletedAt: string;
  purgedAt: string;
  integrations: number;
}

/** Deleted flows, which can be taken back for 30 days. */
export class BinPartElement extends LitElement {
  static override styles = partStyles;

  @property({ attribute: false }) session!: Session;
  @state() private purging: BinnedFlow | undefined;
  readonly #bin = new ResourceController<BinnedFlow[]>(this, {
    key: () => ["bin"],
    load: (signal) => listAll<BinnedFlow>("bin", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#bin;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#bin.reload()) : bones();
    return html`<div class="scroll"><div class="column">
      ${
        state.value.length
          ? html`<p class="muted">${say("binText")}</p><ul class="panel">${state.value.map((flow) => this.#renderFlow(flow))}</ul>`
          : empty({ icon: trashIcon, title: say("noBin"), text: say("binText") })
      }
      ${this.purging ? this.#renderPurging(this.purging) : nothing}
    </div></div>`;
  }

  #renderPurging({ key, name }: BinnedFlow): TemplateResult {
    const purge = async () => {
      await workspace(`bin/${at(key)}`, { method: "DELETE", query: { confirm: name } });
      notify(this, { text: say("purged", { name }) });
      await this.#bin.reload();
    };
    return html`<inlay-console-ask-name
      heading=${say("purgeTitle", { name })}
      text=${say("purgeText")}
      name=${name}
      label=${say("purgeNow")}
      .act=${purge}
      @name-close=${() => {
        this.purging = undefined;
      }}
    ></inlay-console-ask-name>`;
  }

  async #askPurge(flow: BinnedFlow): Promise<void> {
    await import("../ui/ask-name.ts");
    this.purging = flow;
  }

  #renderFlow(flow: BinnedFlow): TemplateResult {
    const { key, name, deletedAt, purgedAt } = flow;
    const restore = async () => {
      const done = await attempt(this, () => workspace(`bin/${at(key)}/restore`, { method: "POST" }), say("restored", { name }));
      if (done) go(hrefOf(`/flows/${at(key)}`));
    };
    return html`<li class="line">
      <div class="words"><strong>${name}</strong><span class="muted small">${when(deletedAt)} · ${say("goesAt", { when: english.relative(purgedAt) })}</span></div>
      ${can(this.session, "write") ? html`<button class="button compact" type="button" @click=${restore}>${say("restore")}</button>` : nothing}
      ${
        can(this.session, "admin")
          ? html`<inlay-menu label=${say("binActions", { name })} .items=${[{ label: say("purge"), tone: "danger", run: () => void this.#askPurge(flow) }]}></inlay-menu>`
          : nothing
      }
    </li>`;
  }
}

define("inlay-console-bin", BinPartElement);
