import { html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { keyIcon, plusIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { bones, failure } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { shownOnce } from "./shown-once.ts";
import { say } from "./words.ts";

/** As the edge lists it. `member`: the address of whose it is; null: the workspace's own. */
export interface TokenRow {
  id: string;
  name: string;
  member: string | null;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

const SCOPES = [
  ["read", "read"],
  ["write", "write"],
  ["events", "events"],
  ["admin", "adminScope"],
] as const;
const LIVES = [
  ["", "never"],
  ["30", "days30"],
  ["90", "days90"],
  ["365", "year"],
] as const;

/** API tokens: made with scopes and an end, shown once, revoked. */
export class TokensPartElement extends LitElement {
  static override styles = partStyles;

  @state() private isAdding = false;
  @state() private made: { name: string; token: string } | undefined;
  @state() private revoking: TokenRow | undefined;
  readonly #tokens = new ResourceController<TokenRow[]>(this, {
    key: () => ["tokens"],
    load: (signal) => listAll<TokenRow>("tokens", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#tokens;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#tokens.reload()) : bones();
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("tokensText")}</p>
        <button class="button compact primary" type="button" aria-expanded=${this.isAdding} @click=${this.#toggle}>${plusIcon} ${say("newToken")}</button>
      </div>
      ${this.made ? shownOnce(this, `${this.made.name}.`, this.made.token) : nothing} ${this.isAdding ? this.#renderForm() : nothing}
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((token) => this.#renderToken(token))}</ul>`
          : empty({ icon: keyIcon, title: say("tokens"), text: say("noTokens") })
      }
      ${this.revoking ? this.#renderRemoval(this.revoking) : nothing}
    </div></div>`;
  }

  #renderForm(): TemplateResult {
    return html`<form class="panel adding" @submit=${this.#make}>
      <div class="field"><label for="name">${say("tokenName")}</label><input class="input" id="name" name="name" required maxlength="200" autocomplete="off" autofocus /></div>
      <div class="field"><label for="life">${say("expires")}</label><select class="input" id="life" name="life">${LIVES.map(([days, word]) => html`<option value=${days}>${say(word)}</option>`)}</select></div>
      <fieldset class="whole">
        <legend>${say("scopes")}</legend>
        ${SCOPES.map(([scope, word]) => html`<label><input type="checkbox" name="scopes" value=${scope} ?checked=${scope === "read"} /> ${say(word)}</label>`)}
      </fieldset>
      <div class="ends whole"><button class="button primary">${say("newToken")}</button><button class="button ghost" type="button" @click=${this.#toggle}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderToken(token: TokenRow): TemplateResult {
    const used = token.lastUsedAt ? say("lastUsed", { when: english.relative(token.lastUsedAt) }) : say("neverUsed");
    const ends = token.expiresAt ? ` · ${say("expiresAt", { when: english.relative(token.expiresAt) })}` : "";
    return html`<li class="line">
      <div class="words"><strong>${token.name}</strong><span class="muted small">${token.member ? `${token.member} · ` : ""}${used}${ends}</span></div>
      ${token.scopes.map((scope) => html`<span class="tag">${scope}</span>`)}
      <button class="button compact" type="button" @click=${() => this.#ask(token)}>${say("revoke")}</button>
    </li>`;
  }

  #renderRemoval(token: TokenRow): TemplateResult {
    return askRemoval(
      say("revokeTitle", { name: token.name }),
      say("revokeText"),
      say("revoke"),
      () => this.#ask(undefined),
      () => void this.#revoke(token),
    );
  }

  #ask(token: TokenRow | undefined): void {
    this.revoking = token;
  }

  readonly #toggle = (): void => {
    this.isAdding = !this.isAdding;
  };

  readonly #make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const name = String(data.get("name") ?? "").trim();
    const days = Number(data.get("life") ?? 0);
    const expiresAt = days ? new Date(Date.now() + days * 86_400_000).toISOString() : undefined;
    await attempt(this, async () => {
      const body = { name, scopes: data.getAll("scopes"), ...(expiresAt ? { expiresAt } : {}) };
      const { token } = await workspace<{ token: string }>("tokens", { method: "POST", body });
      this.made = { name, token };
      this.isAdding = false;
      await this.#tokens.reload();
    });
  };

  async #revoke({ id, name }: TokenRow): Promise<void> {
    await attempt(this, () => workspace(`tokens/${at(id)}`, { method: "DELETE" }), say("tokenRevoked", { name }));
    await this.#tokens.reload();
  }
}

define("inlay-console-tokens", TokensPartElement);
