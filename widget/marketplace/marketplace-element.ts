import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { View } from "../events.ts";
import { HostElement, type Load } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import type { I18n } from "../i18n/i18n.ts";
import { tabs, tabsStyles } from "../ui/tabs.ts";
import "./attention-watch.ts";
import type { BrowseFilter, BrowseViewElement } from "./browse-view.ts";
import "./browse-view.ts";
import { narrowTags } from "./narrow-tags.ts";

const NOTHING: ReadonlySet<string> = new Set();
const VIEWS: readonly View[] = ["marketplace", "integrations", "accounts"];

export interface OpenOptions {
  /** Edit this integration instead of looking at the flow. */
  integration?: string;
  /** Values for setup fields, by key; the setup form opens with them. */
  prefill?: Record<string, unknown>;
}

interface OpenSetup {
  flow: string;
  integration: string;
  prefill: Record<string, unknown>;
  /** Show the newest version of an integration's form. */
  upgrade?: boolean | undefined;
}

/**
 * The whole journey: browse, a flow's page, connect, set up, and the user's integrations and accounts.
 *
 * @attr tag - which flows are shown: space = or, `+` = and, leading `-` = not; reflects what the user narrows it to
 * @attr category - one category; reflects
 * @attr search - words; reflects
 * @attr layout - `grid` or `list`; reflects
 * @attr view - `marketplace`, `integrations` or `accounts`; reflects
 * @attr flow - the key of the flow that is open; reflects
 * @slot empty - instead of our words where there is no flow at all
 * @slot done - on the last page of the setup form
 */
export class MarketplaceElement extends HostElement {
  static override styles = [
    ...HostElement.styles,
    tabsStyles,
    css`
      #panel {
        padding-block: calc(var(--_space) * 5);
      }

      #panel:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  @property({ reflect: true, useDefault: true }) tag = "";
  @property({ reflect: true, useDefault: true }) category = "";
  @property({ reflect: true, useDefault: true }) search = "";
  @property({ reflect: true, useDefault: true }) layout: "grid" | "list" = "grid";
  @property({ reflect: true, useDefault: true }) view: View = "marketplace";
  @property({ reflect: true, useDefault: true }) flow = "";

  @state() private setup: OpenSetup | undefined;
  @state() private shownIntegration = "";
  @state() private chosen: string[] = [];
  /** Keys of the flows of which an integration needs attention. */
  @state() private attention: ReadonlySet<string> = NOTHING;
  @query("inlay-browse-view") private browse?: BrowseViewElement;
  #hostTag = "";
  #ownTag: string | undefined;
  #hasBrowsed = false;

  /** Opens a flow's page; its setup form where `integration` or `prefill` is given. */
  open(flow: string, { integration = "", prefill }: OpenOptions = {}): void {
    if (!this.fire("inlay-before-open", { flow })) return;
    this.view = "marketplace";
    this.flow = flow;
    this.setup = integration || prefill ? { flow, integration, prefill: prefill ?? {} } : undefined;
  }

  /** Leaves the setup form or the flow's page. What was typed is kept as a draft. */
  close(): void {
    if (this.setup) this.setup = undefined;
    else this.#closeFlow();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has("tag") && this.tag !== this.#ownTag) {
      this.#hostTag = this.tag;
      this.chosen = [];
    }
    if (!VIEWS.includes(this.view)) this.view = "marketplace";
    const left = changed.get("flow");
    if (left && !this.flow && this.shadowRoot?.activeElement?.localName === "inlay-flow-view")
      requestAnimationFrame(() => this.#goBackTo(left));
    if (changed.has("flow") && this.setup && this.setup.flow !== this.flow) this.setup = undefined;
    if (this.setup) this.bring(PIECES.setup);
    else if (this.view !== "marketplace") this.bring(PIECES[this.view]);
    else if (this.flow) this.bring(PIECES.flow);
  }

  protected override userChanged(_client: ApiClient | undefined): void {
    this.setup = undefined;
    this.shownIntegration = "";
    this.attention = NOTHING;
  }

  protected override renderContent(i18n: I18n): TemplateResult {
    const { setup } = this;
    return html`
      ${setup ? nothing : this.#renderTabs(i18n)}
      <div id="panel" role=${setup ? nothing : "tabpanel"} aria-labelledby=${setup ? nothing : `tab-${this.view}`}>
        ${this.view === "marketplace" ? this.#renderBrowse() : nothing} ${setup ? this.#renderSetup(i18n, setup) : this.#renderView(i18n)}
      </div>
    `;
  }

  #renderTabs({ msg }: I18n): TemplateResult {
    return html`<inlay-attention-watch hidden @attention-change=${this.#takeAttention}></inlay-attention-watch>
      ${tabs({
        label: msg("views"),
        tabs: VIEWS.map((key) => ({
          key,
          label: msg(`view.${key}`),
          mark: key === "integrations" && this.attention.size ? msg("browse.attention") : undefined,
        })),
        selected: this.view,
        onSelect: this.#select,
      })}`;
  }

  #renderView(i18n: I18n): TemplateResult | typeof nothing {
    switch (this.view) {
      case "integrations":
        return this.brought(
          PIECES.integrations,
          i18n,
          () => html`<inlay-integrations-view
          exportparts=${PARTS}
          tag=${this.#hostTag}
          shown=${this.shownIntegration}
          @integration-open=${this.#showIntegration}
          @setup-open=${this.#openSetupOf}
          @browse-open=${() => this.#select("marketplace")}
        ></inlay-integrations-view>`,
        );
      case "accounts":
        return this.brought(PIECES.accounts, i18n, () => html`<inlay-accounts-view exportparts=${PARTS}></inlay-accounts-view>`);
      case "marketplace":
        return this.flow ? this.#renderFlow(i18n) : nothing;
    }
  }

  /** Stays, out of sight, while a flow or its form is open: the way back is at once and where the user left. */
  #renderBrowse(): TemplateResult | typeof nothing {
    const isHidden = this.flow !== "" || this.setup !== undefined;
    this.#hasBrowsed ||= !isHidden;
    if (!this.#hasBrowsed) return nothing;
    return html`<inlay-browse-view
      exportparts=${PARTS}
      ?hidden=${isHidden}
      .tag=${this.#hostTag}
      .layout=${this.layout}
      .filter=${{ search: this.search, category: this.category, chosen: this.chosen } satisfies BrowseFilter}
      @filter-change=${this.#filter}
      @layout-change=${this.#takeLayout}
      .attention=${this.attention}
      @flow-open=${this.#openFlow}
      >${this.renderEmpty()}</inlay-browse-view
    >`;
  }

  #renderFlow(i18n: I18n): TemplateResult {
    return this.brought(
      PIECES.flow,
      i18n,
      () => html`<inlay-flow-view
        exportparts=${PARTS}
        .flow=${this.flow}
        @flow-close=${this.#closeFlow}
        @setup-open=${this.#openSetup}
        @integration-open=${this.#showIntegration}
      ></inlay-flow-view>`,
    );
  }

  #renderSetup(i18n: I18n, setup: OpenSetup): TemplateResult {
    return this.brought(
      PIECES.setup,
      i18n,
      () => html`<inlay-setup-frame
      exportparts=${PARTS}
      .flow=${setup.flow}
      .integration=${setup.integration}
      .upgrade=${setup.upgrade ?? false}
      .prefill=${setup.prefill}
      @setup-done=${this.#setupDone}
      @setup-closed=${this.#setupClosed}
      ><slot name="done" slot="done"></slot
    ></inlay-setup-frame>`,
    );
  }

  #select = (view: View) => {
    this.view = view;
    this.flow = "";
    this.shownIntegration = "";
  };

  #filter = ({ detail }: CustomEvent<BrowseFilter>) => {
    this.search = detail.search;
    this.category = detail.category;
    this.chosen = detail.chosen;
    this.#ownTag = narrowTags(this.#hostTag, detail.chosen);
    this.tag = this.#ownTag;
  };

  #takeAttention = ({ detail }: CustomEvent<Set<string>>) => {
    this.attention = detail;
  };

  #takeLayout = ({ detail }: CustomEvent<{ layout: "grid" | "list" }>) => {
    this.layout = detail.layout;
  };

  #openFlow = ({ detail }: CustomEvent<{ flow: string }>) => {
    this.open(detail.flow);
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView();
  };

  #closeFlow = () => {
    const { flow } = this;
    this.flow = "";
    void this.#goBackTo(flow);
  };

  /** Also where the host page goes back, by its attributes; after that the browser scrolls to where the page stood. */
  async #goBackTo(flow: string): Promise<void> {
    await this.updateComplete;
    await this.browse?.focusFlow(flow);
  }

  #openSetup = ({ detail }: CustomEvent<{ flow: { key: string }; integration?: { id: string } }>) => {
    this.setup = { flow: detail.flow.key, integration: detail.integration?.id ?? "", prefill: {} };
  };

  #openSetupOf = ({ detail }: CustomEvent<{ flow: string; integration: string; upgrade?: boolean }>) => {
    this.setup = { ...detail, prefill: {} };
  };

  #showIntegration = ({ detail }: CustomEvent<{ integration: string }>) => {
    this.view = "integrations";
    this.shownIntegration = detail.integration;
  };

  #setupClosed = (event: Event) => {
    event.stopPropagation();
    this.close();
  };

  #setupDone = (event: CustomEvent<{ integration: { id: string } }>) => {
    event.stopPropagation();
    this.setup = undefined;
    this.flow = "";
    this.view = "integrations";
    this.shownIntegration = event.detail.integration.id;
  };
}

/** What each view needs beyond the first script. */
const PIECES = {
  flow: () => import("./flow-view.ts"),
  setup: () => import("./setup-frame.ts"),
  integrations: () => import("../integrations/integrations-view.ts"),
  accounts: () => import("../accounts/accounts-view.ts"),
} satisfies Record<string, Load>;
