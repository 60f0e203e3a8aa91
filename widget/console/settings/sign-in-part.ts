import { html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { SignInProvider } from "../../../shared/api/member.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { copyIcon, keyIcon, plusIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { bones, failure } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

const JOINING = ["admin", "builder", "operator", "viewer"] as const;

/** OpenID providers that members sign in with: added, and removed with everybody who came by them. */
export class SignInPartElement extends LitElement {
  static override styles = partStyles;

  @state() private isAdding = false;
  @state() private removing: SignInProvider | undefined;
  readonly #providers = new ResourceController<SignInProvider[]>(this, {
    key: () => ["providers"],
    load: (signal) => listAll<SignInProvider>("sign-in-providers", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#providers;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#providers.reload()) : bones();
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("signInText")}</p>
        <button class="button compact primary" type="button" aria-expanded=${this.isAdding} @click=${this.#toggle}>${plusIcon} ${say("newProvider")}</button>
      </div>
      ${this.isAdding ? this.#renderForm() : nothing}
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((provider) => this.#renderProvider(provider))}</ul>`
          : empty({ icon: keyIcon, title: say("noProviders"), text: say("noProvidersText") })
      }
      ${this.removing ? this.#renderRemoval(this.removing) : nothing}
    </div></div>`;
  }

  #renderForm(): TemplateResult {
    const field = (name: string, label: string, type = "text", isRequired = true) =>
      html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} type=${type} ?required=${isRequired} autocomplete="off" /></div>`;
    return html`<form class="panel adding" @submit=${this.#add}>
      ${field("label", say("providerLabel"))} ${field("issuer", say("issuer"), "url")} ${field("clientId", say("clientId"))}
      ${field("clientSecret", say("clientSecret"), "password", false)} ${field("domains", say("domains"), "text", false)}
      <div class="field">
        <label for="role">${say("joinAs")}</label>
        <select class="input" id="role" name="role"><option value="">${say("nobodyJoins")}</option>${JOINING.map((role) => html`<option value=${role}>${say(role)}</option>`)}</select>
      </div>
      <div class="ends whole"><button class="button primary">${say("add")}</button><button class="button ghost" type="button" @click=${this.#toggle}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderProvider(provider: SignInProvider): TemplateResult {
    const { label, issuer, domains, role, redirectUri, startUrl } = provider;
    const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => notify(this, { text: say("copied") }));
    const rules = [...(domains.length ? [english.list(domains)] : []), ...(role ? [say("joinsAs", { role: say(role) })] : [])];
    return html`<li class="line">
      <div class="words">
        <strong>${label}</strong>
        <span class="muted small">${issuer}${rules.length ? ` · ${rules.join(" · ")}` : ""}</span>
        <span class="mono muted">${redirectUri}</span>
      </div>
      <button class="button compact" type="button" @click=${() => copy(redirectUri)}>${copyIcon} ${say("redirectUri")}</button>
      <button class="button compact" type="button" @click=${() => copy(startUrl)}>${copyIcon} ${say("startUrl")}</button>
      <button class="button compact ghost" type="button" @click=${() => this.#ask(provider)}>${say("remove")}</button>
    </li>`;
  }

  #renderRemoval(provider: SignInProvider): TemplateResult {
    const heading = `${say("remove")} ${provider.label}`;
    return askRemoval(
      heading,
      say("providerText"),
      say("remove"),
      () => this.#ask(undefined),
      () => void this.#remove(provider),
    );
  }

  #ask(provider: SignInProvider | undefined): void {
    this.removing = provider;
  }

  readonly #toggle = (): void => {
    this.isAdding = !this.isAdding;
  };

  readonly #add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const body = {
      label: text("label"),
      issuer: text("issuer"),
      clientId: text("clientId"),
      ...(text("clientSecret") ? { clientSecret: text("clientSecret") } : {}),
      domains: text("domains")
        .split(/[\s,]+/)
        .filter(Boolean),
      role: text("role") || null,
    };
    if (!(await attempt(this, () => workspace("sign-in-providers", { method: "POST", body }), say("providerAdded", { name: body.label }))))
      return;
    this.isAdding = false;
    await this.#providers.reload();
  };

  async #remove({ id, label }: SignInProvider): Promise<void> {
    await attempt(this, () => workspace(`sign-in-providers/${at(id)}`, { method: "DELETE" }), say("providerRemoved", { name: label }));
    await this.#providers.reload();
  }
}

define("inlay-console-sign-in", SignInPartElement);
