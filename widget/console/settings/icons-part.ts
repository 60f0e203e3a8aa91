import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { empty } from "../../ui/empty.ts";
import { copyIcon } from "../../ui/icons.ts";
import { listAll, send } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import { imageIcon } from "../ui/console-icons.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

interface IconRow {
  path: string;
  type: string;
  updatedAt: string;
}

/** Images that flow and app files name: looked at, and removed with a way back. */
export class IconsPartElement extends LitElement {
  static override styles = partStyles;

  @property({ attribute: false }) session!: Session;
  readonly #icons = new ResourceController<IconRow[]>(this, {
    key: () => ["icons"],
    load: (signal) => listAll<IconRow>("icons", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#icons;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#icons.reload()) : bones();
    return html`<div class="scroll"><div class="column">
      <div class="intro"><p>${say("iconsText")}</p></div>
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((icon) => this.#renderIcon(icon))}</ul>`
          : empty({ icon: imageIcon, title: say("noIcons"), text: say("noIconsText") })
      }
    </div></div>`;
  }

  #renderIcon(icon: IconRow): TemplateResult {
    const { path, type, updatedAt } = icon;
    const copy = () => void navigator.clipboard.writeText(path).then(() => notify(this, { text: say("copied") }));
    return html`<li class="line">
      ${appIcon({ name: path, icon: this.#addressOf(icon) })}
      <div class="words"><strong class="mono">${path}</strong><span class="muted small">${type} · ${when(updatedAt)}</span></div>
      <button class="button compact square ghost" type="button" aria-label=${`${say("copyPath")}: ${path}`} title=${say("copyPath")} @click=${copy}>${copyIcon}</button>
      ${can(this.session, "write") ? html`<button class="button compact ghost" type="button" @click=${() => this.#remove(icon)}>${say("remove")}</button>` : nothing}
    </li>`;
  }

  #addressOf({ path, updatedAt }: IconRow): string {
    return `/icons/${this.session.workspace.id}/${path}?${Date.parse(updatedAt)}`;
  }

  async #remove(icon: IconRow): Promise<void> {
    let image = new Blob();
    const remove = async () => {
      image = await fetch(this.#addressOf(icon)).then((answer) => answer.blob());
      await send(`workspace/icons/${icon.path}`, { method: "DELETE" });
      await this.#icons.reload();
    };
    const putBack = async () => {
      await send(`workspace/icons/${icon.path}`, { method: "PUT", bytes: image, headers: { "content-type": icon.type } });
      await this.#icons.reload();
    };
    await attempt(this, remove, say("iconRemoved", { name: icon.path }), putBack);
  }
}

define("inlay-console-icons", IconsPartElement);
