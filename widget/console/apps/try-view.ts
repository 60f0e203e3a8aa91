import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { WorkspaceAccount } from "../../../shared/api/account.ts";
import type { AppSample } from "../../../shared/api/app-sample.ts";
import type { LoggedRequest, LoggedResponse, RunError } from "../../../shared/api/run.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { payload, payloadStyles } from "../../integrations/payload.ts";
import { badge } from "../../ui/badge.ts";
import { callout } from "../../ui/callout.ts";
import { empty } from "../../ui/empty.ts";
import { checkIcon, playIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { hrefOf } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import "../editor/code-editor.ts";
import { boxIcon } from "../ui/console-icons.ts";
import { when } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type OperationFact, readOperations, sampleInput } from "./operation-facts.ts";
import { say } from "./words.ts";

interface Tried {
  ok: boolean;
  output: unknown;
  error: RunError | null;
  calls: { request: LoggedRequest; response?: LoggedResponse }[];
  more: boolean;
}

/** Tries an app's operations with an account: what went out, what came back, and what is kept of it as a sample. */
export class TryViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    payloadStyles,
    css`
      .both {
        display: grid;
        grid-template-columns: 240px minmax(0, 1fr);
        flex: 1;
        min-block-size: 0;
      }

      .operations {
        padding: calc(var(--_space) * 2);
        border-inline-end: 1px solid var(--_border);
        overflow: auto;
      }

      .operations a {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        min-block-size: 34px;
        padding-inline: calc(var(--_space) * 2.5);
        border-radius: var(--_radius);
        color: inherit;
        text-decoration: none;
      }

      .operations a:hover {
        background: var(--_sunken);
      }

      .operations a[aria-current] {
        background: var(--_accent-soft);
        color: var(--_accent-text);
      }

      .operations a .words {
        flex: 1 1 0;
      }

      .operations h2 {
        padding: calc(var(--_space) * 3) calc(var(--_space) * 2.5) var(--_space);
        color: var(--_muted);
        font-size: var(--_size-xs);
        font-weight: 500;
      }

      .operations .icon {
        color: var(--_success);
      }

      inlay-console-editor {
        block-size: 168px;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
      }

      select.input {
        appearance: auto;
      }

      .ends {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--_space) * 2);
      }

      .call {
        display: grid;
        gap: calc(var(--_space) * 2);
      }

      @container (max-width: 720px) {
        .both {
          display: block;
          overflow: auto;
        }

        .operations {
          max-block-size: 200px;
          border-inline-end: 0;
          border-block-end: 1px solid var(--_border);
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() app = "";
  /** The app's file as it is stored: what is tried. */
  @property() source = "";
  @state() private text: string | undefined;
  @state() private account: string | undefined;
  @state() private tried: Tried | undefined;
  @state() private input: Record<string, unknown> = {};
  @state() private fault = "";
  @state() private isBusy = false;
  #facts: OperationFact[] = [];
  readonly #accounts = new ResourceController<WorkspaceAccount[]>(this, {
    key: () => [this.app],
    load: (signal) => listAll<WorkspaceAccount>("accounts", { app: this.app }, signal, 500),
  });
  readonly #samples = new ResourceController<AppSample[]>(this, {
    key: () => [this.app],
    load: (signal) => listAll<AppSample>(`apps/${at(this.app)}/samples`, {}, signal),
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("source")) this.#facts = readOperations(this.source);
    if (!changed.has("query") && !changed.has("app")) return;
    this.text = undefined;
    this.tried = undefined;
    this.fault = "";
  }

  get #current(): OperationFact | undefined {
    const wanted = this.query.get("operation");
    return this.#facts.find(({ kind, key }) => `${kind}.${key}` === wanted) ?? (wanted ? undefined : this.#facts[0]);
  }

  override render(): TemplateResult {
    const current = this.#current;
    if (!this.#facts.length) return empty({ icon: boxIcon, title: say("noOperations"), text: say("noOperationsText") });
    return html`<div class="both">
      <nav class="operations" aria-label=${say("operations")}>
        ${this.#renderGroup("query", say("queries"), current)} ${this.#renderGroup("action", say("actions"), current)}
      </nav>
      <div class="scroll"><div class="column">${current ? this.#renderOperation(current) : nothing}</div></div>
    </div>`;
  }

  #renderGroup(kind: OperationFact["kind"], title: string, current: OperationFact | undefined): TemplateResult | typeof nothing {
    const some = this.#facts.filter((one) => one.kind === kind);
    if (!some.length) return nothing;
    return html`<h2>${title}</h2>
      <ul>
        ${some.map(
          (one) => html`<li>
            <a href=${hrefOf(`/apps/${at(this.app)}/try`, { operation: `${kind}.${one.key}` })} aria-current=${one === current ? "true" : nothing}>
              <span class="words">${one.title}</span>${this.#sampleOf(one) ? checkIcon : nothing}
            </a>
          </li>`,
        )}
      </ul>`;
  }

  #renderOperation(one: OperationFact): TemplateResult {
    const sample = this.#sampleOf(one);
    return html`
      <section>
        <h2>${one.title} ${badge(one.kind === "query" ? "neutral" : "warning", say(one.kind))}</h2>
        ${one.description ? html`<p class="muted">${one.description}</p>` : nothing}
      </section>
      ${can(this.session, "write") ? this.#renderForm(one, sample) : html`<p class="muted">${say("readonlyTry")}</p>`}
      ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing} ${this.tried ? this.#renderTried(one, this.tried) : nothing}
      ${sample ? this.#renderSample(one, sample) : nothing}
    `;
  }

  #renderForm(one: OperationFact, sample: AppSample | undefined): TemplateResult {
    const accounts = this.#accounts.value ?? [];
    const chosen = this.account ?? accounts.find(({ status }) => status === "connected")?.id ?? "";
    const text = this.text ?? JSON.stringify(sample?.input ?? sampleInput(one), null, 2);
    return html`<form class="form" @submit=${(event: Event) => this.#try(event, one, chosen, text)}>
      <div class="field">
        <label for="account">${say("withAccount")}</label>
        <select class="input" id="account" @change=${(event: Event) => {
          this.account = (event.target as HTMLSelectElement).value;
        }}>
          <option value="" ?selected=${chosen === ""}>${say("noAccount")}</option>
          ${accounts.map(({ id, label, user, status }) => html`<option value=${id} ?selected=${id === chosen} ?disabled=${status !== "connected"}>${label} (${user ?? say("ofWorkspace")})</option>`)}
        </select>
        <span class="help">${say("accountHelp")}</span>
      </div>
      <div class="field">
        <span class="label">${say("input")}</span>
        <inlay-console-editor language="json" label=${say("input")} .value=${text} @editor-input=${(event: CustomEvent<string>) => {
          this.text = event.detail;
        }}></inlay-console-editor>
        ${one.input.length ? html`<span class="help">${one.input.map(({ key, label, required }) => html`<span class="mono">${key}</span>${label && label !== key ? html` ${label}` : nothing}${required ? ` (${say("required")})` : nothing} `)}</span>` : nothing}
      </div>
      ${one.kind === "action" ? callout({ tone: "warning", text: say("reallyDone") }) : nothing}
      <div class="ends"><button class="button primary" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy}>${playIcon} ${say("try")}</button></div>
    </form>`;
  }

  #renderTried(one: OperationFact, { ok, output, error, calls, more }: Tried): TemplateResult {
    return html`<section class="form" aria-live="polite">
      <div class="ends">
        ${badge(ok ? "success" : "danger", say(ok ? "worked" : "refused"))}
        ${more ? html`<span class="muted small">${say("firstPage")}</span>` : nothing}
        <span class="gap"></span>
        ${ok ? html`<button class="button compact" type="button" @click=${() => this.#keep(one, output)}>${say("keepSample")}</button>` : nothing}
      </div>
      ${error ? callout({ tone: "danger", title: error.message, text: error.field ?? "" }) : payload(say("output"), output)}
      ${calls.map(
        ({ request, response }) => html`<div class="call">
          <p class="mono">${request.method} ${request.url} ${response ? html`→ ${response.status}` : nothing}</p>
          ${payload(say("sent"), request.body)} ${payload(say("cameBack"), response?.body)}
        </div>`,
      )}
    </section>`;
  }

  #renderSample(one: OperationFact, { author, createdAt, output }: AppSample): TemplateResult {
    return html`<section>
      <h2>${say("sample")} <span class="muted small">${author ?? ""} ${when(createdAt)}</span> <span class="gap"></span>
        ${can(this.session, "write") ? html`<button class="button compact ghost" type="button" @click=${() => this.#forget(one)}>${say("forget")}</button>` : nothing}
      </h2>
      ${payload(say("output"), output)}
    </section>`;
  }

  #sampleOf({ kind, key }: OperationFact): AppSample | undefined {
    return this.#samples.value?.find((sample) => sample.kind === kind && sample.operation === key);
  }

  async #try(event: Event, { kind, key }: OperationFact, account: string, text: string): Promise<void> {
    event.preventDefault();
    if (this.isBusy) return;
    this.fault = "";
    this.tried = undefined;
    this.isBusy = true;
    try {
      this.input = JSON.parse(text || "{}");
      const body = { kind, operation: key, input: this.input, ...(account ? { account } : {}) };
      this.tried = await workspace<Tried>(`apps/${at(this.app)}/try`, { method: "POST", body });
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      this.fault = error instanceof SyntaxError ? say("notJson", { why }) : why;
    } finally {
      this.isBusy = false;
    }
  }

  #path({ kind, key }: OperationFact): string {
    return `apps/${at(this.app)}/samples/${kind}/${at(key)}`;
  }

  async #keep(one: OperationFact, output: unknown): Promise<void> {
    const { input } = this;
    await attempt(
      this,
      () => workspace(this.#path(one), { method: "PUT", body: { input, output } }),
      say("sampleKept", { name: one.title }),
    );
    await this.#samples.reload();
  }

  async #forget(one: OperationFact): Promise<void> {
    const sample = this.#sampleOf(one);
    const body = { input: sample?.input, output: sample?.output };
    await attempt(
      this,
      () => workspace(this.#path(one), { method: "DELETE" }),
      say("sampleForgotten", { name: one.title }),
      () => workspace(this.#path(one), { method: "PUT", body }).then(() => this.#samples.reload()),
    );
    await this.#samples.reload();
  }
}

define("inlay-console-try", TryViewElement);
