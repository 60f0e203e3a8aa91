import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { FlowDetail } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import { type ApiError, isAbort } from "../api/api-error.ts";
import type { ApiClient, SetupOf } from "../api/client.ts";
import { ResourceController } from "../api/resource.ts";
import { apiContext, type Config, configContext, hostEventsContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { PARTS } from "../host/parts.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../setup/setup-view.ts";

interface Loaded {
  /** What was asked for. */
  of: string;
  flow: FlowDetail;
  integration: Integration | undefined;
  only: ReadonlySet<string> | undefined;
}

/**
 * A setup form by keys: loads the flow and, to edit, the integration, and shows `inlay-setup-view`. Its `setup-done` and `setup-closed`
 * bubble through.
 */
export class SetupFrameElement extends LitElement {
  static override styles = [base, buttonStyles, calloutStyles];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;

  /** The flow's key. */
  @property() flow = "";
  /** The integration's id, to edit it. */
  @property() integration = "";
  /** Shows the newest version of the form, which saving upgrades to; otherwise an integration keeps its own. */
  @property({ type: Boolean }) upgrade = false;
  /** Values for this opening, over the host's `prefill`. */
  @property({ attribute: false }) prefill: Record<string, unknown> = {};

  readonly #form = new ResourceController<Loaded>(this, {
    key: () => this.client && [this.client, this.flow, this.integration, this.upgrade],
    load: async (signal) => {
      const { client } = this;
      const asked = this.#of;
      if (!client) throw new Error("asked before there was a token");
      const integration = this.integration ? await client.readIntegration(this.integration, signal) : undefined;
      const pinned = integration && { integration: integration.id, version: integration.version };
      const of = integration && (this.upgrade ? { integration: integration.id } : pinned);
      const flow = await client.readFlow(this.flow, signal, of);
      const isNewer = integration !== undefined && this.upgrade && flow.version > integration.version;
      return { of: asked, flow, integration, only: isNewer ? await this.#newIn(flow, pinned, signal) : undefined };
    },
    settled: (outcome) => {
      this.updateComplete.then(() => this.fire("inlay-ready", { view: "setup" }));
      if (outcome.status !== "failed") return;
      const { code, retryable } = outcome.error;
      this.fire("inlay-error", { code, message: this.#words(outcome.error), retryable });
    },
  });

  /** The keys that `flow` asks for beyond the form that `pinned` means; all where that is no longer known. */
  async #newIn(flow: FlowDetail, pinned: SetupOf | undefined, signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    const { planUpgrade } = await import("../setup/upgrade-plan.ts");
    const before = await this.client?.readFlow(this.flow, signal, pinned).catch((error: unknown) => {
      if (isAbort(error)) throw error;
      return undefined;
    });
    const asks = before && planUpgrade(before, flow).asks;
    return asks?.length ? new Set(asks.map(({ key }) => key)) : undefined;
  }

  get #of(): string {
    return [this.flow, this.integration, this.upgrade].join();
  }

  #words(error: ApiError): string {
    return isGone(error) ? this.i18n.msg("flow.gone") : describeError(this.i18n, error);
  }

  override render(): TemplateResult {
    const { state: form } = this.#form;
    // Not that of another integration or flow, which is kept while this one loads.
    const shown = form.value?.of === this.#of ? form.value : undefined;
    const { msg } = this.i18n;
    if (shown || form.status !== "failed")
      return html`<inlay-setup-view
        exportparts=${PARTS}
        .flow=${shown?.flow}
        .integration=${shown?.integration}
        .only=${shown?.only}
        .prefill=${{ ...this.config.prefill, ...this.prefill }}
        ><slot name="done" slot="done"></slot
      ></inlay-setup-view>`;
    const hasGone = isGone(form.error);
    const action = html`<button class="button compact" type="button" @click=${() => this.#form.reload()}>${msg("action.retry")}</button>`;
    return callout({
      tone: hasGone ? "warning" : "danger",
      title: msg("flow.failed"),
      text: this.#words(form.error),
      action: hasGone ? nothing : action,
    });
  }
}

const isGone = ({ status }: ApiError) => status === 404 || status === 410;

define("inlay-setup-frame", SetupFrameElement);
