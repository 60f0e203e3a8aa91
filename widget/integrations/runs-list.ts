import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Integration } from "../../shared/api/integration.ts";
import type { List } from "../../shared/api/list.ts";
import type { Run } from "../../shared/api/run.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { readPages } from "../api/read-pages.ts";
import { ResourceController } from "../api/resource.ts";
import type { LiveMessage } from "../api/stream.ts";
import { apiContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { PARTS } from "../host/parts.ts";
import { isFinished } from "../host/run-watch.ts";
import { describeError } from "../i18n/describe-error.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { badge, badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { chip, chipStyles } from "../ui/chip.ts";
import { forwardIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import "./run-view.ts";
import { listRuns } from "./run-calls.ts";
import { runTook } from "./run-took.ts";
import { runTone } from "./status-words.ts";

const FILTERS = ["", "failed", "waiting", "succeeded"] as const;

/** The runs of one integration, newest first, live; or one of them. */
export class RunsListElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    badgeStyles,
    chipStyles,
    calloutStyles,
    skeletonStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: calc(var(--_space) * 2);
        margin-block: calc(var(--_space) * 4) calc(var(--_space) * 2.5);
      }

      p.visually-hidden {
        margin: 0; /* at the element's very edge */
      }

      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--_space) * 1.5);
      }

      .runs {
        border: 1px solid var(--_border);
        border-radius: var(--_radius-l);
        background: var(--_surface);
        font-size: var(--_size-s);
        overflow: clip;
      }

      .run {
        display: grid;
        grid-template-columns: 124px minmax(0, 1fr) auto minmax(168px, auto) 16px;
        align-items: center;
        gap: calc(var(--_space) * 1) calc(var(--_space) * 4);
        inline-size: 100%;
        min-block-size: 42px;
        padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
        border: 0;
        background: none;
        text-align: start;
        cursor: pointer;
        transition: background-color var(--_duration);
      }

      .run:hover {
        background: var(--_sunken);
      }

      .run:focus-visible {
        outline-offset: -2px;
      }

      li + li .run {
        border-block-start: 1px solid var(--_border);
      }

      .run > .icon {
        color: var(--_muted);
      }

      .when {
        text-align: end;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }

      .none {
        padding: calc(var(--_space) * 6);
        text-align: center;
      }

      .bones {
        display: grid;
        gap: calc(var(--_space) * 4);
        padding: calc(var(--_space) * 4);
      }

      .more {
        margin: calc(var(--_space) * 3) auto 0;
        display: flex;
      }

      @container (width < 560px) {
        .run {
          grid-template-columns: auto minmax(0, 1fr) 16px;
        }

        .run .tasks {
          display: none;
        }

        .run .block-name {
          grid-row: 1;
          grid-column: 1 / 3;
        }

        .run .badge {
          grid-row: 2;
          grid-column: 1;
          justify-self: start;
        }

        .run .when {
          grid-row: 2;
          grid-column: 2;
          white-space: normal;
        }

        .run > .icon {
          grid-row: 1 / span 2;
          grid-column: 3;
        }
      }
    `,
  ];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @property({ attribute: false }) integration!: Integration;
  @state() private status: (typeof FILTERS)[number] = "";
  @state() private shown = "";
  @state() private isLoadingMore = false;
  /** The last run that ended in sight, for who hears the page. */
  @state() private ended: Run | undefined;

  readonly #runs = new ResourceController<List<Run>>(this, {
    key: () => this.client && [this.client, this.integration.id, this.status],
    load: (signal, shown) =>
      readPages(
        (cursor) => listRuns(this.#client, this.integration.id, { status: this.status, limit: 25, cursor }, signal),
        shown?.items.length,
      ),
    settled: () => this.#putIn(),
  });
  /** What came while the list was on its way: the answer may be older. */
  #news: Run[] = [];

  constructor() {
    super();
    new LiveController(this, (messages) => this.#take(messages));
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("integration");
    if (before && before.id !== this.integration.id) {
      this.shown = "";
      this.ended = undefined;
      this.#news = [];
    }
  }

  override render(): TemplateResult {
    const { msg } = this.i18n;
    if (this.shown)
      return html`<inlay-run-view
        exportparts=${PARTS}
        .run=${this.shown}
        .blocks=${this.integration.blocks}
        @run-close=${this.#close}
        @run-open=${({ detail }: CustomEvent<{ run: string }>) => this.#show(detail.run)}
      ></inlay-run-view>`;
    const words = (status: (typeof FILTERS)[number]) => (status ? msg(`run.${status}`) : msg("browse.all"));
    return html`
      <div class="head">
        <h3>${msg("integrations.runs")}</h3>
        <div class="chips" role="group" aria-label=${msg("browse.filters")}>
          ${FILTERS.map((status) =>
            chip(words(status), status === this.status, () => {
              this.#news = [];
              this.status = status;
            }),
          )}
        </div>
      </div>
      <p class="visually-hidden" role="status">
        ${repeat(
          this.ended ? [this.ended] : [],
          ({ id }) => id,
          (run) => html`<span>${this.#nameOf(run)}: ${msg(`run.${run.status}`)}</span>`,
        )}
      </p>
      ${this.#renderRuns()}
    `;
  }

  #nameOf({ block }: Run): string {
    return this.integration.blocks.find(({ key }) => key === block)?.name ?? block;
  }

  #renderRuns(): TemplateResult {
    const { state: runs } = this.#runs;
    const { msg } = this.i18n;
    if (runs.status === "failed") {
      const action = html`<button class="button compact" type="button" @click=${() => this.#runs.reload()}>${msg("action.retry")}</button>`;
      return callout({ tone: "danger", title: msg("runs.failed"), text: describeError(this.i18n, runs.error), action });
    }
    if (!runs.value)
      return html`<div class="runs bones" aria-busy="true">
        <span class="visually-hidden" role="status">${msg("loading")}</span>${bone("half")}${bone("half")}${bone("half")}
      </div>`;
    const { items, nextCursor } = runs.value;
    if (!items.length) return html`<p class="runs none muted">${msg("runs.none")}</p>`;
    return html`<ul class="runs">
        ${repeat(
          items,
          ({ id }) => id,
          (run) => this.#renderRun(run),
        )}
      </ul>
      ${
        nextCursor
          ? html`<button class="button more" type="button" aria-busy=${this.isLoadingMore ? "true" : "false"} @click=${() => this.#loadMore(nextCursor)}>${msg("action.showMore")}</button>`
          : nothing
      }`;
  }

  #renderRun(run: Run): TemplateResult {
    const { i18n } = this;
    const took = runTook(run);
    return html`<li>
      <button class="run plain" part="run" type="button" data-run=${run.id} @click=${() => this.#show(run.id)}>
        ${badge(runTone(run.status), i18n.msg(`run.${run.status}`))}
        <span class="block-name"><bdi>${this.#nameOf(run)}</bdi></span>
        <span class="tasks muted">${run.tasks ? i18n.msg("integrations.tasks", { count: run.tasks }) : nothing}</span>
        <span class="when muted" title=${i18n.dateTime(run.acceptedAt)}
          >${i18n.relative(run.acceptedAt)}${took === undefined ? nothing : html` · ${i18n.took(took)}`}</span
        >
        <span class="visually-hidden">${i18n.dateTime(run.acceptedAt, { dateStyle: "medium", timeStyle: "medium" })}</span>
        ${forwardIcon}
      </button>
    </li>`;
  }

  /** Opens one run, and brings it into view; empty: the list. */
  async show(run: string): Promise<void> {
    this.#show(run);
    await this.updateComplete;
    if (run) this.scrollIntoView({ block: "nearest" });
  }

  #close = async () => {
    const run = this.shown;
    this.#show("");
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-run="${CSS.escape(run)}"]`)?.focus();
  };

  #show(run: string): void {
    this.shown = run;
  }

  #take(messages: LiveMessage[]): void {
    const news = messages.flatMap((message) =>
      message.type === "run" && message.run.integration === this.integration.id ? [message.run] : [],
    );
    const isInSight = ({ id, status }: Run) =>
      !this.status || status === this.status || this.#runs.value?.items.some((run) => run.id === id);
    this.ended = news.findLast((run) => isFinished(run.status) && isInSight(run)) ?? this.ended;
    if ((this.status && news.length > 0) || messages.some(({ type }) => type === "missed")) {
      this.#runs.reload();
      return;
    }
    this.#news.push(...news);
    this.#putIn();
  }

  /** A run that has ended stays so, whatever was on its way. */
  #putIn(): void {
    const { state } = this.#runs;
    if (!this.#news.length || state.status !== "ready") return;
    const news = this.#news.splice(0);
    const list = state.value;
    const runs = new Map(list.items.map((run) => [run.id, run]));
    for (const run of news) if (run.endedAt || !runs.get(run.id)?.endedAt) runs.set(run.id, run);
    const items = [...runs.values()].sort((a, b) => b.acceptedAt.localeCompare(a.acceptedAt));
    this.#runs.set({ ...list, items });
  }

  async #loadMore(cursor: string): Promise<void> {
    this.isLoadingMore = true;
    try {
      const page = await listRuns(this.#client, this.integration.id, { status: this.status, limit: 25, cursor });
      const list = this.#runs.value;
      if (list?.nextCursor === cursor) this.#runs.set({ items: [...list.items, ...page.items], nextCursor: page.nextCursor });
    } catch {
      this.#runs.reload();
    } finally {
      this.isLoadingMore = false;
    }
  }

  get #client(): ApiClient {
    if (!this.client) throw new Error("asked before there was a token");
    return this.client;
  }
}

define("inlay-runs-list", RunsListElement);
