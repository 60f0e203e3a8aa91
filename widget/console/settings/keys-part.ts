import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import { keyIcon, plusIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

interface KeyRow {
  kid: string;
  alg: string;
  createdAt: string;
  revokedAt: string | null;
}

/** The host's signing keys: public halves, registered and revoked. */
export class KeysPartElement extends LitElement {
  static override styles = partStyles;

  @property({ attribute: false }) session!: Session;
  @state() private isAdding = false;
  @state() private revoking: KeyRow | undefined;
  readonly #keys = new ResourceController<KeyRow[]>(this, { key: () => ["keys"], load: (signal) => listAll<KeyRow>("keys", {}, signal) });

  override render(): TemplateResult {
    const { state } = this.#keys;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#keys.reload()) : bones();
    const mayChange = can(this.session, "admin");
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("keysText")}</p>
        ${mayChange ? html`<button class="button compact primary" type="button" aria-expanded=${this.isAdding} @click=${this.#toggle}>${plusIcon} ${say("newKey")}</button>` : nothing}
      </div>
      ${this.isAdding ? this.#renderForm() : nothing}
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((key) => this.#renderKey(key, mayChange))}</ul>`
          : empty({ icon: keyIcon, title: say("keys"), text: say("noKeys") })
      }
      ${this.revoking ? this.#renderRemoval(this.revoking) : nothing}
    </div></div>`;
  }

  #renderForm(): TemplateResult {
    return html`<form class="panel adding" @submit=${this.#add}>
      <div class="field"><label for="kid">${say("kid")}</label><input class="input code" id="kid" name="kid" required pattern="[A-Za-z0-9._\\-]{1,128}" autocomplete="off" autofocus /></div>
      <div class="field"><label for="alg">${say("alg")}</label><select class="input" id="alg" name="alg"><option>ES256</option><option>EdDSA</option><option>RS256</option></select></div>
      <div class="field whole"><label for="jwk">${say("jwk")}</label><textarea class="input code" id="jwk" name="jwk" required rows="5" spellcheck="false" placeholder=${say("jwkHint")}></textarea></div>
      <div class="ends whole"><button class="button primary">${say("newKey")}</button><button class="button ghost" type="button" @click=${this.#toggle}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderKey(key: KeyRow, mayChange: boolean): TemplateResult {
    return html`<li class="line">
      <div class="words"><strong class="mono">${key.kid}</strong><span class="muted small">${key.alg} · ${when(key.createdAt)}</span></div>
      ${
        key.revokedAt
          ? badge("neutral", say("revokedKey"))
          : mayChange
            ? html`<button class="button compact" type="button" @click=${() => this.#ask(key)}>${say("revoke")}</button>`
            : nothing
      }
    </li>`;
  }

  #renderRemoval(key: KeyRow): TemplateResult {
    return askRemoval(
      say("revokeTitle", { name: key.kid }),
      say("keyText"),
      say("revoke"),
      () => this.#ask(undefined),
      () => void this.#revoke(key),
    );
  }

  #ask(key: KeyRow | undefined): void {
    this.revoking = key;
  }

  readonly #toggle = (): void => {
    this.isAdding = !this.isAdding;
  };

  readonly #add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    await attempt(this, async () => {
      const publicJwk = parseJson(String(data.get("jwk") ?? ""));
      await workspace(`keys/${at(String(data.get("kid") ?? ""))}`, { method: "PUT", body: { alg: data.get("alg"), publicJwk } });
      this.isAdding = false;
      await this.#keys.reload();
    });
  };

  async #revoke({ kid }: KeyRow): Promise<void> {
    await attempt(this, () => workspace(`keys/${at(kid)}`, { method: "DELETE" }), say("keyRevoked", { name: kid }));
    await this.#keys.reload();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(say("notJson", { why: error instanceof Error ? error.message : "" }));
  }
}

define("inlay-console-keys", KeysPartElement);
