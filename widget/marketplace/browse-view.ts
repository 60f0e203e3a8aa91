import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FlowSummary } from "../../shared/api/flow.ts";
import type { List } from "../../shared/api/list.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { readPages } from "../api/read-pages.ts";
import { ResourceController } from "../api/resource.ts";
import { apiContext, hostEventsContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { appIconStyles } from "../ui/app-icon.ts";
import { badgeStyles } from "../ui/badge.ts";
import { closeIcon, gridIcon, listIcon, plugIcon, searchIcon } from "../ui/basic-icons.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { chip, chipStyles } from "../ui/chip.ts";
import { empty, emptyStyles } from "../ui/empty.ts";
import { inputStyles } from "../ui/form.ts";
import { skeletonStyles } from "../ui/skeleton.ts";
import { browseViewStyles } from "./browse-view-styles.ts";
import { flowCard, flowCardBone, flowCardStyles } from "./flow-card.ts";
import { groupFlows } from "./group-flows.ts";
import { narrowTags } from "./narrow-tags.ts";
import { type FlowSort, SORTS, sortFlows } from "./sort-flows.ts";

/** What the user has narrowed the list to. */
export interface BrowseFilter {
  search: string;
  category: string;
  /** Tags chosen on top of the host's expression. */
  chosen: string[];
}

const TYPING_MS = 200;
const MOST_TAGS = 8;
/** Fewer flows than this are seen at a glance: there is nothing to sort. */
const MANY = 7;
/** An order is one of the whole list: flows that are read for it. */
const MOST_SORTED = 1_000;
/** Groups of no more flows than this are no help: one grid, and the category on each card. */
const SPARSE = 2;

/**
 * The list of flows with search and filters.
 *
 * @fires filter-change - `BrowseFilter`, the user has changed it
 * @fires layout-change - `{layout}`
 * @fires flow-open - `{flow}`, the flow's key
 */
export class BrowseViewElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    inputStyles,
    chipStyles,
    badgeStyles,
    calloutStyles,
    emptyStyles,
    skeletonStyles,
    appIconStyles,
    flowCardStyles,
    browseViewStyles,
  ];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;

  /** The host's tag expression. */
  @property() tag = "";
  @property({ attribute: false }) filter: BrowseFilter = { search: "", category: "", chosen: [] };
  @property() layout: "grid" | "list" = "grid";
  /** Keys of the flows of which an integration needs attention. */
  @property({ attribute: false }) attention: ReadonlySet<string> = new Set();

  @state() private sort: FlowSort = "usual";
  @state() private known: { categories: string[]; tags: string[] } = { categories: [], tags: [] };
  @state() private isLoadingMore = false;
  @query("#search") private searchInput?: HTMLInputElement;
  #typing: ReturnType<typeof setTimeout> | undefined;

  readonly #flows = new ResourceController<List<FlowSummary>>(this, {
    key: () => this.client && [this.client, this.#tags, this.filter.category, this.filter.search.trim()],
    load: (signal, shown) =>
      readPages(
        (cursor) => this.#client.listFlows({ ...this.#query, cursor }, signal),
        this.sort === "usual" ? shown?.items.length : MOST_SORTED,
      ),
    settled: (outcome) => {
      if (outcome.status === "ready") {
        this.#learn(outcome.value.items);
        this.fire("inlay-flows-loaded", { count: outcome.value.items.length, tag: this.#tags, search: this.filter.search.trim() });
      } else if (outcome.status === "failed") {
        const { code, retryable } = outcome.error;
        this.fire("inlay-error", { code, message: describeError(this.i18n, outcome.error), retryable });
      }
      this.updateComplete.then(() => this.fire("inlay-ready", { view: "marketplace" }));
    },
  });

  constructor() {
    super();
    new LiveController(this, (messages) => {
      if (messages.some(({ type }) => type === "integration" || type === "flow" || type === "missed")) this.#flows.reload();
    });
  }

  /** Puts the focus where the user left: on the card of `flow`. */
  async focusFlow(flow: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-flow="${CSS.escape(flow)}"] .card-button`)?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  override render(): TemplateResult {
    return html`${this.#renderToolbar()} ${this.#renderFilters()} ${this.#renderResults()}`;
  }

  #renderToolbar(): TemplateResult {
    const { msg } = this.i18n;
    const layout = (name: "grid" | "list", icon: TemplateResult) => html`<button
      class="button ghost square compact"
      type="button"
      aria-label=${msg(name === "grid" ? "browse.grid" : "browse.list")}
      aria-pressed=${this.layout === name ? "true" : "false"}
      @click=${() => this.dispatchEvent(new CustomEvent("layout-change", { detail: { layout: name } }))}
    >
      ${icon}
    </button>`;
    return html`<div class="toolbar" part="toolbar">
      <div class="search" role="search">
        ${searchIcon}
        <input
          class="input"
          part="search"
          id="search"
          type="search"
          autocomplete="off"
          placeholder=${msg("browse.search")}
          aria-label=${msg("browse.search")}
          .value=${this.filter.search}
          @input=${this.#typed}
          @keydown=${this.#clearByKey}
        />
        ${
          this.filter.search
            ? html`<button class="button ghost square compact" type="button" aria-label=${msg("browse.clear")} @click=${this.#clearSearch}>${closeIcon}</button>`
            : nothing
        }
      </div>
      ${this.#renderSort()}
      <div class="layouts" role="group" aria-label=${msg("browse.layout")}>${layout("grid", gridIcon)} ${layout("list", listIcon)}</div>
    </div>`;
  }

  #renderSort(): TemplateResult | typeof nothing {
    const { msg } = this.i18n;
    if ((this.#flows.value?.items.length ?? 0) < MANY && this.sort === "usual") return nothing;
    const words = { usual: "browse.sortUsual", name: "browse.sortName", installed: "browse.sortInstalled" } as const;
    const choose = (event: Event) => {
      this.sort = SORTS.find((sort) => sort === (event.target as HTMLSelectElement).value) ?? "usual";
      if (this.sort !== "usual") void this.#flows.reload();
    };
    return html`<div class="sort">
      <select aria-label=${msg("browse.sort")} @change=${choose}>
        ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === this.sort}>${msg(words[sort])}</option>`)}
      </select>
    </div>`;
  }

  #renderFilters(): TemplateResult | typeof nothing {
    const { categories, tags } = this.known;
    const { category, chosen } = this.filter;
    const hasCategories = categories.length > 1;
    const hasTags = tags.length > 1;
    // Their room, until they are known.
    if (!hasCategories && !hasTags) return this.#flows.value ? nothing : html`<div class="filters"></div>`;
    const choose = (name: string) => this.#change({ category: name === category ? "" : name });
    const toggle = (tag: string) => this.#change({ chosen: chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag] });
    return html`<div class="filters" role="group" aria-label=${this.i18n.msg("browse.filters")}>
      ${hasCategories ? html`${chip(this.i18n.msg("browse.all"), category === "", () => choose(""))} ${categories.map((name) => chip(name, same(name, category), () => choose(name)))}` : nothing}
      ${hasCategories && hasTags ? html`<span class="divider"></span>` : nothing}
      ${hasTags ? tags.slice(0, MOST_TAGS).map((tag) => chip(tag, chosen.includes(tag), () => toggle(tag))) : nothing}
    </div>`;
  }

  #renderResults(): TemplateResult {
    const { state: flows } = this.#flows;
    const { msg } = this.i18n;
    if (!flows.value && flows.status === "failed")
      return html`<div class="results">${this.#renderError(describeError(this.i18n, flows.error))}</div>`;
    if (!flows.value)
      return html`<div class="results" aria-busy="true">
        <span class="visually-hidden" role="status">${msg("loading")}</span>
        <ul class="cards ${this.layout}" aria-hidden="true">
          ${Array.from({ length: 6 }, flowCardBone)}
        </ul>
      </div>`;
    const { items, nextCursor } = flows.value;
    return html`
      <span class="visually-hidden" role="status">${flows.status === "ready" ? (nextCursor ? "≥ " : "") + msg("browse.results", { count: items.length }) : ""}</span>
      <div class="results" aria-busy=${flows.status === "loading" ? "true" : "false"} @click=${this.#open} @keydown=${this.#moveByKey}>
        ${flows.status === "failed" ? this.#renderError(describeError(this.i18n, flows.error)) : nothing}
        ${items.length ? this.#renderGroups(items) : this.#renderNone()}
        ${
          nextCursor
            ? html`<button class="button more" type="button" aria-busy=${this.isLoadingMore ? "true" : "false"} @click=${() => this.#loadMore(nextCursor)}>${msg("action.showMore")}</button>`
            : nothing
        }
      </div>
    `;
  }

  #renderGroups(items: FlowSummary[]): TemplateResult {
    const groups = this.sort === "usual" ? groupFlows(items) : [];
    const isOneGrid = groups.length < 2 || this.filter.category !== "" || groups.every(({ flows }) => flows.length <= SPARSE);
    const showsCategory = isOneGrid && groups.length !== 1;
    const cards = (flows: FlowSummary[]) => html`<ul class="cards ${this.layout}">
      ${repeat(
        flows,
        ({ key }) => key,
        (flow) =>
          flowCard({
            flow,
            showsCategory,
            i18n: this.i18n,
            needsAttention: this.attention.has(flow.key),
          }),
      )}
    </ul>`;
    if (isOneGrid) return cards(sortFlows(items, this.sort, this.i18n.locale));
    return html`${repeat(
      groups,
      ({ category }) => category,
      ({ category, flows }) => html`<section class="group" part="group">
        <h3 part="group-title">${category || this.i18n.msg("browse.other")}</h3>
        ${cards(flows)}
      </section>`,
    )}`;
  }

  #renderNone(): TemplateResult {
    const { msg } = this.i18n;
    const { search, category, chosen } = this.filter;
    if (!search && !category && !chosen.length)
      return html`<slot name="empty">${empty({ icon: plugIcon, title: msg("browse.noneTitle"), text: msg("browse.noneText") })}</slot>`;
    const reset = html`<button class="button" type="button" @click=${this.#reset}>${msg("browse.reset")}</button>`;
    return empty({ icon: searchIcon, title: msg("browse.noMatchTitle"), text: msg("browse.noMatchText"), action: reset });
  }

  #renderError(text: string): TemplateResult {
    const { msg } = this.i18n;
    const action = html`<button class="button compact" type="button" @click=${() => this.#flows.reload()}>${msg("action.retry")}</button>`;
    return callout({ tone: "danger", title: msg("browse.failed"), text, action });
  }

  get #client(): ApiClient {
    if (!this.client) throw new Error("asked before there was a token");
    return this.client;
  }

  get #tags(): string {
    return narrowTags(this.tag, this.filter.chosen);
  }

  get #query() {
    return { tag: this.#tags, category: this.filter.category, search: this.filter.search.trim() };
  }

  /**
   * Filters are made of what was ever seen here, so that choosing one does not take the others away. They stand in the order of the list, as its
   * groups do: more flows move none of them.
   */
  #learn(flows: FlowSummary[]): void {
    const { categories, tags } = this.known;
    this.known = {
      categories: [...new Set([...categories, ...flows.flatMap(({ category }) => category ?? [])])],
      tags: [...new Set([...tags, ...flows.flatMap((flow) => flow.tags)])],
    };
  }

  async #loadMore(cursor: string): Promise<void> {
    if (this.isLoadingMore) return;
    this.isLoadingMore = true;
    const before = this.#flows.value?.items ?? [];
    try {
      const page = await this.#client.listFlows({ ...this.#query, cursor });
      if (this.#flows.value?.nextCursor !== cursor) return;
      this.#flows.set({ items: [...before, ...page.items], nextCursor: page.nextCursor });
      this.#learn(page.items);
    } catch {
      this.#flows.reload();
    } finally {
      this.isLoadingMore = false;
    }
  }

  #open = ({ target }: Event) => {
    const { flow } = (target as Element).closest<HTMLElement>(".card")?.dataset ?? {};
    if (flow) this.dispatchEvent(new CustomEvent("flow-open", { detail: { flow } }));
  };

  #change(change: Partial<BrowseFilter>): void {
    const detail: BrowseFilter = { ...this.filter, ...change };
    this.dispatchEvent(new CustomEvent("filter-change", { detail }));
  }

  #typed = (event: Event) => {
    const search = (event.target as HTMLInputElement).value;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#change({ search }), TYPING_MS);
  };

  #moveByKey = async (event: KeyboardEvent) => {
    const { key, target } = event;
    if (!/^(Arrow|Home|End)/.test(key) || !(target instanceof HTMLElement) || !target.matches(".card-button")) return;
    event.preventDefault();
    const { nextCard } = await import("./card-keys.ts");
    nextCard([...this.renderRoot.querySelectorAll<HTMLElement>(".card-button")], target, key)?.focus();
  };

  #clearByKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !this.searchInput?.value) return;
    event.preventDefault();
    event.stopPropagation();
    this.#clearSearch();
  };

  #clearSearch = () => {
    clearTimeout(this.#typing);
    if (this.searchInput) this.searchInput.value = "";
    this.#change({ search: "" });
    this.searchInput?.focus();
  };

  #reset = () => {
    clearTimeout(this.#typing);
    if (this.searchInput) this.searchInput.value = "";
    this.#change({ search: "", category: "", chosen: [] });
  };
}

const same = (a: string, b: string) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

define("inlay-browse-view", BrowseViewElement);
