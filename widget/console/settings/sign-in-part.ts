import { html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
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

/** OpenID providers that members sign in with: added, changed, and removed with everybody who came by them. */
export class SignInPartElement extends LitElement {
  static override styles = partStyles;

  /** The provider that is changed, or a new one. */
  @state() private writing: SignInProvider | "new" | undefined;
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
        <button class="button compact primary" type="button" aria-expanded=${this.writing === "new"} @click=${() => this.#write("new")}>${plusIcon} ${say("newProvider")}</button>
      </div>
      ${this.writing ? keyed(this.writing, this.#renderForm(this.writing === "new" ? undefined : this.writing)) : nothing}
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((provider) => this.#renderProvider(provider))}</ul>`
          : empty({ icon: keyIcon, title: say("noProviders"), text: say("noProvidersText") })
      }
      ${this.removing ? this.#renderRemoval(this.removing) : nothing}
    </div></div>`;
  }

  #renderForm(provider: SignInProvider | undefined): TemplateResult {
    const field = (name: string, label: string, value = "", { type = "text", isRequired = true, hint = "" } = {}) =>
      html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} type=${type} ?required=${isRequired} placeholder=${hint || nothing} autocomplete="off" .value=${value} ?autofocus=${name === "label"} /></div>`;
    const hint = provider?.hasSecret ? say("secretStays") : "";
    return html`<form class="panel adding" @submit=${(event: SubmitEvent) => this.#save(event, provider)}>
      ${field("label", say("providerLabel"), provider?.label)} ${field("issuer", say("issuer"), provider?.issuer, { type: "url" })}
      ${field("clientId", say("clientId"), provider?.clientId)}
      ${field("clientSecret", say("clientSecret"), "", { type: "password", isRequired: false, hint })}
      ${field("domains", say("domains"), provider?.domains.join(", "), { isRequired: false })}
      <div class="field">
        <label for="role">${say("joinAs")}</label>
        <select class="input" id="role" name="role"><option value="">${say("nobodyJoins")}</option>${JOINING.map((role) => html`<option value=${role} ?selected=${role === provider?.role}>${say(role)}</option>`)}</select>
      </div>
      <div class="ends whole"><button class="button primary">${say(provider ? "save" : "add")}</button><button class="button ghost" type="button" @click=${() => this.#write(undefined)}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderProvider(provider: SignInProvider): TemplateResult {
    const { label, issuer, domains, role, redirectUri, startUrl } = provider;
    const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => notify(this, { text: say("copied") }));
    const rules = [...(domains.length ? [english.list(domains)] : []), ...(role ? [say("joinsAs", { role: say(role) })] : [])];
    return html`<li class="line stacked">
      <div class="words">
        <strong>${label}</strong>
        <span class="muted small">${issuer}${rules.length ? ` · ${rules.join(" · ")}` : ""}</span>
        <span class="mono muted">${redirectUri}</span>
      </div>
      <button class="button compact" type="button" @click=${() => copy(redirectUri)}>${copyIcon} ${say("redirectUri")}</button>
      <button class="button compact" type="button" @click=${() => copy(startUrl)}>${copyIcon} ${say("startUrl")}</button>
      <button class="button compact" type="button" @click=${() => this.#write(provider)}>${say("edit")}</button>
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

  #write(what: SignInProvider | "new" | undefined): void {
    this.writing = what;
  }

  async #save(event: SubmitEvent, provider: SignInProvider | undefined): Promise<void> {
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
    const put = () =>
      provider
        ? workspace(`sign-in-providers/${at(provider.id)}`, { method: "PUT", body })
        : workspace("sign-in-providers", { method: "POST", body });
    if (!(await attempt(this, put, say(provider ? "providerChanged" : "providerAdded", { name: body.label })))) return;
    this.writing = undefined;
    await this.#providers.reload();
  }

  async #remove({ id, label }: SignInProvider): Promise<void> {
    await attempt(this, () => workspace(`sign-in-providers/${at(id)}`, { method: "DELETE" }), say("providerRemoved", { name: label }));
    await this.#providers.reload();
  }
}

define("inlay-console-sign-in", SignInPartElement);
