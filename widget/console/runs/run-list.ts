import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Run, RunStatus } from "../../../shared/api/run.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { searchIcon } from "../../ui/icons.ts";
import { attempt, notify } from "../app/notice.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf, readPlace } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { canOperate, type Session } from "../app/session.ts";
import { runsIcon } from "../ui/console-icons.ts";
import { bones, choice, failure, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { runBadge, runWord, tookOf } from "../ui/status.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { cancelRun, listRuns, type RunFilter, retryRuns } from "./runs-api.ts";
import { say, triggerWord } from "./words.ts";

const RUN_STATUSES: readonly RunStatus[] = ["queued", "running", "waiting", "succeeded", "failed", "stopped", "canceled"];
const ENDED = ["succeeded", "failed", "stopped", "canceled"];
const SPANS: Record<string, number> = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };

const VERSION: Column<Run> = {
  ...{ key: "version", label: say("version"), width: "80px", align: "end" },
  cell: ({ version }) => html`<span class="number muted">${version}</span>`,
};

/** What stands first in a row: a link, unless nothing is left to be shown. */
const named = ({ removed }: Run, name: string): TemplateResult =>
  html`<span class=${removed ? "muted" : ""}>${name}</span>${removed ? html` <span class="muted" title=${say("removedText")}>· ${say("removedMark")}</span>` : nothing}`;

/** Of lists of all flows' runs. */
const COLUMNS: Column<Run>[] = [
  { key: "flow", label: say("flow"), width: "minmax(150px, 2fr)", narrow: "main", cell: (run) => named(run, run.flow) },
  { key: "status", label: say("status"), width: "120px", narrow: "end", cell: ({ status }) => runBadge(status) },
  {
    key: "block",
    label: say("block"),
    width: "minmax(110px, 1.4fr)",
    narrow: "below",
    cell: ({ block, acceptedAt }) => html`<span>${block}</span><span class="only-narrow">· ${when(acceptedAt)}</span>`,
  },
  {
    key: "trigger",
    label: say("trigger"),
    width: "110px",
    cell: ({ trigger }) => html`<span class="muted">${triggerWord(trigger.byHand ? "manual" : trigger.type)}</span>`,
  },
  {
    key: "tasks",
    label: say("tasks"),
    width: "70px",
    align: "end",
    cell: ({ tasks }) => html`<span class="number">${english.number(tasks)}</span>`,
  },
  {
    key: "took",
    label: say("took"),
    width: "80px",
    align: "end",
    cell: (run) => {
      const took = tookOf(run);
      return html`<span class="number muted">${took === undefined ? "–" : english.took(took)}</span>`;
    },
  },
  {
    key: "accepted",
    label: say("accepted"),
    width: "120px",
    align: "end",
    cell: ({ acceptedAt }) => html`<span class="muted">${when(acceptedAt)}</span>`,
  },
];

/** Of lists of one flow's runs: which flow need not be said in each row. */
const OF_ONE: Column<Run>[] = COLUMNS.flatMap((column) => {
  if (column.key === "flow") return [{ ...column, key: "block", label: say("block"), cell: (run: Run) => named(run, run.block) }];
  if (column.key === "block") return [];
  if (column.key === "accepted") return [{ ...column, narrow: "below" as const }];
  if (column.key !== "trigger") return [column];
  return [{ ...column, width: "minmax(110px, 1fr)" }, VERSION];
});

/** Runs, newest first and live; those of one flow, integration or user where `only` says so. Chosen ones are retried or canceled together. */
export class RunListElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .chosen-bar {
        background: var(--_accent-soft);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property({ attribute: false }) only: RunFilter = {};
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private isBusy = false;
  readonly #runs = new PagedController<Run>(this, {
    key: () => [this.#filter(), this.query.get("span")],
    load: (cursor, signal) => listRuns({ ...this.#filter(), from: this.#from() }, cursor, signal),
    idOf: ({ id }) => id,
  });
  #fromKey = "";
  #fromTime: string | undefined;

  constructor() {
    super();
    new PulseController(this, () => this.#runs.refresh(), { of: ["run"] });
  }

  #filter(): RunFilter {
    return { ...this.only, status: this.query.get("status") ?? undefined, flow: this.only.flow ?? this.query.get("flow") ?? undefined };
  }

  /** The beginning of the span; the same for all pages of one list, as their cursors ask. */
  #from(): string | undefined {
    const span = this.query.get("span") ?? "";
    if (span !== this.#fromKey) {
      this.#fromKey = span;
      const ms = SPANS[span];
      this.#fromTime = ms === undefined ? undefined : new Date(Date.now() - ms).toISOString();
    }
    return this.#fromTime;
  }

  override render(): TemplateResult {
    const { status, items, error } = this.#runs;
    const isFiltered = ["status", "span", "flow"].some((name) => this.query.get(name));
    const mayOperate = canOperate(this.session);
    return html`
      ${this.chosen.size ? this.#renderChosen() : this.#renderFilters()}
      ${
        items.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${this.only.flow || this.only.integration ? OF_ONE : COLUMNS}
              .rows=${items}
              .idOf=${(run: Run) => run.id}
              .hrefOf=${(run: Run) => (run.removed ? undefined : hrefOf(`/runs/${run.id}`))}
              .chosen=${mayOperate ? this.chosen : undefined}
              @rows-select=${(event: CustomEvent<Set<string>>) => {
                this.chosen = event.detail;
              }}
              @rows-end=${() => this.#runs.more()}
            ></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#runs.reload())
            : status === "loading"
              ? bones()
              : isFiltered
                ? empty({
                    icon: searchIcon,
                    title: say("noMatchTitle"),
                    text: say("noMatchText"),
                    action: html`<a class="button" href=${hrefOf(readPlace().path)}>${say("clear")}</a>`,
                  })
                : empty({ icon: runsIcon, title: say("emptyTitle"), text: say("emptyText") })
      }
    `;
  }

  #renderFilters(): TemplateResult {
    return html`<div class="bar">
      ${choice("status", say("status"), this.query.get("status") ?? "", [
        ["", say("any")],
        ...RUN_STATUSES.map((status) => [status, runWord(status)] as const),
      ])}
      ${choice("span", say("accepted"), this.query.get("span") ?? "", [
        ["", say("anyTime")],
        ["hour", say("hour")],
        ["day", say("day")],
        ["week", say("week")],
        ["month", say("month")],
      ])}
      ${this.query.get("flow") && !this.only.flow ? html`<span class="tag">${this.query.get("flow")}</span>` : nothing}
    </div>`;
  }

  #renderChosen(): TemplateResult {
    const busy = this.isBusy ? "true" : nothing;
    return html`<div class="bar chosen-bar">
      <strong role="status">${say("chosen", { count: this.chosen.size })}</strong>
      <span class="gap"></span>
      <button class="button compact primary" type="button" aria-busy=${busy} ?disabled=${this.isBusy} @click=${this.#retry}>${say("retryChosen")}</button>
      <button class="button compact" type="button" ?disabled=${this.isBusy} @click=${this.#cancel}>${say("cancelChosen")}</button>
      <button class="button compact ghost" type="button" @click=${this.#unchoose}>${say("unchoose")}</button>
    </div>`;
  }

  readonly #unchoose = (): void => {
    this.chosen = new Set();
  };

  readonly #retry = async (): Promise<void> => {
    this.isBusy = true;
    await attempt(this, async () => {
      const ends = await retryRuns([...this.chosen]);
      const refused = ends.filter(({ started }) => started === undefined);
      const text = [
        say("retried", { count: ends.length - refused.length }),
        ...(refused.length ? [say("refused", { count: refused.length, why: refused[0]?.message ?? "" })] : []),
      ].join(". ");
      notify(this, { text, tone: refused.length === ends.length ? "failed" : "done" });
      this.chosen = new Set();
      await this.#runs.refresh();
    });
    this.isBusy = false;
  };

  readonly #cancel = async (): Promise<void> => {
    this.isBusy = true;
    const open = this.#runs.items.filter(({ id, status }) => this.chosen.has(id) && !ENDED.includes(status));
    await attempt(
      this,
      async () => {
        for (const { id } of open) await cancelRun(id);
        this.chosen = new Set();
        await this.#runs.refresh();
      },
      say("canceled", { count: open.length }),
    );
    this.isBusy = false;
  };
}

define("inlay-console-run-list", RunListElement);
