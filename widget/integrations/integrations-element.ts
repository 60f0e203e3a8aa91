import { html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { View } from "../events.ts";
import { HostElement } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import type { I18n } from "../i18n/i18n.ts";

interface OpenSetup {
  flow: string;
  integration: string;
  prefill: Record<string, unknown>;
  /** Show the newest version of the form. */
  upgrade?: boolean | undefined;
}

/**
 * The user's integrations: health, runs, mending, editing, removing.
 *
 * @attr tag - only integrations of flows that this expression selects
 * @attr category - only integrations of flows of this category
 * @attr search - only integrations whose name, or whose flow's name, holds this
 * @attr layout - `list`, or `grid` to have them side by side
 * @attr view - `integrations`, whatever is set: the marketplace has the others
 * @attr flow - the key of the flow whose setup form is open
 * @slot empty - instead of our words where there is no integration
 * @slot done - on the last page of the setup form
 */
export class IntegrationsElement extends HostElement {
  @property({ reflect: true, useDefault: true }) tag = "";
  @property({ reflect: true, useDefault: true }) category = "";
  @property({ reflect: true, useDefault: true }) search = "";
  @property({ reflect: true, useDefault: true }) layout: "grid" | "list" = "list";
  @property({ reflect: true, useDefault: true }) view: View = "integrations";
  @property({ reflect: true, useDefault: true }) flow = "";
  @state() private setup: OpenSetup | undefined;
  @state() private shown = "";

  /** Opens the setup form of `flow`, to edit where `integration` is given. */
  open(flow: string, { integration = "", prefill = {} }: { integration?: string; prefill?: Record<string, unknown> } = {}): void {
    if (!this.fire("inlay-before-open", { flow })) return;
    this.#openSetup({ flow, integration, prefill });
  }

  /** Leaves the setup form. What was typed is kept as a draft. */
  close(): void {
    this.setup = undefined;
    this.flow = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has("flow") && this.flow && this.setup?.flow !== this.flow) this.setup = { flow: this.flow, integration: "", prefill: {} };
    if (changed.has("flow") && !this.flow) this.setup = undefined;
    this.bring(importList);
    if (this.setup) this.bring(importForm);
  }

  protected override userChanged(_client: ApiClient | undefined): void {
    this.setup = undefined;
    this.shown = "";
  }

  protected override renderContent(i18n: I18n): TemplateResult {
    const { setup } = this;
    return setup
      ? this.brought(importForm, i18n, () => this.#renderSetup(setup))
      : this.brought(importList, i18n, () => this.#renderList());
  }

  #renderSetup(setup: OpenSetup): TemplateResult {
    return html`<inlay-setup-frame
      exportparts=${PARTS}
      .flow=${setup.flow}
      .integration=${setup.integration}
      .upgrade=${setup.upgrade ?? false}
      .prefill=${setup.prefill}
      @setup-done=${this.#setupDone}
      @setup-closed=${this.#setupClosed}
      ><slot name="done" slot="done"></slot
    ></inlay-setup-frame>`;
  }

  #renderList(): TemplateResult {
    return html`<inlay-integrations-view
      exportparts=${PARTS}
      no-browse
      .tag=${this.tag}
      .category=${this.category}
      .search=${this.search}
      .layout=${this.layout}
      .shown=${this.shown}
      @integration-open=${({ detail }: CustomEvent<{ integration: string }>) => {
        this.shown = detail.integration;
      }}
      @setup-open=${({ detail }: CustomEvent<{ flow: string; integration: string; upgrade?: boolean }>) => this.#openSetup({ ...detail, prefill: {} })}
      >${this.renderEmpty()}</inlay-integrations-view
    >`;
  }

  #openSetup(setup: OpenSetup): void {
    this.setup = setup;
    this.flow = setup.flow;
  }

  #setupClosed = (event: Event) => {
    event.stopPropagation();
    this.close();
  };

  #setupDone = (event: CustomEvent<{ integration: { id: string } }>) => {
    event.stopPropagation();
    this.close();
    this.shown = event.detail.integration.id;
  };
}

const importList = () => import("./integrations-view.ts");
const importForm = () => import("../marketplace/setup-frame.ts");
