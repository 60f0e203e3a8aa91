import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Analytics, Counts } from "../../../shared/api/workspace-error.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { workspace } from "../app/api.ts";
import { hrefOf, setQuery } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import type { Session } from "../app/session.ts";
import { type FlowRow, readFlows } from "../flows/flow-api.ts";
import "../ui/chart.ts";
import { chartIcon, downloadIcon } from "../ui/console-icons.ts";
import { bones, choice, failure } from "../ui/parts.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { fillGaps } from "./fill-gaps.ts";
import { say } from "./words.ts";

const HOURS: Record<string, number> = { day: 24, week: 7 * 24, month: 30 * 24, quarter: 90 * 24 };
const percent = new Intl.NumberFormat(english.locale, { style: "percent", maximumFractionDigits: 1 });
const OUTCOMES = [
  ["succeeded", "--_success"],
  ["failed", "--_danger"],
  ["stopped", "--_track"],
  ["canceled", "--_border-strong"],
] as const;

/** Runs by outcome, tasks and duration, over any range. */
export class AnalyticsViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(120px, 1fr));
        border: 1px solid var(--_border);
        border-radius: var(--_radius-l);
        overflow: clip;
      }

      .figures > div {
        padding: calc(var(--_space) * 3.5) calc(var(--_space) * 4);
        box-shadow: 1px 1px 0 var(--_border);
      }

      .figures dt {
        color: var(--_muted);
        font-size: var(--_size-s);
      }

      .figures dd {
        font-size: calc(var(--_size) * 1.5);
        font-weight: 600;
        letter-spacing: -0.02em;
      }

      @container (max-width: 560px) {
        .figures {
          grid-template-columns: 1fr 1fr;
        }

        .figures > :last-child:nth-child(odd) {
          grid-column: 1 / -1;
        }
      }

      .graph {
        padding: calc(var(--_space) * 4);
      }

      .pair {
        display: grid;
        gap: calc(var(--_space) * 6);
      }

      .table-wrap {
        overflow-x: auto;
      }

      table {
        inline-size: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
        border-block-end: 1px solid var(--_border);
        text-align: end;
        white-space: nowrap;
      }

      tr:last-child td,
      tr:last-child th[scope="row"] {
        border-block-end: 0;
      }

      th {
        color: var(--_muted);
        font-size: var(--_size-xs);
        font-weight: 500;
      }

      th:first-child {
        text-align: start;
      }

      th[scope="row"] {
        color: var(--_text);
        font-size: var(--_size);
      }

      .dates {
        display: flex;
        align-items: center;
        gap: var(--_space);
      }

      @container (min-width: 900px) {
        .pair {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  /** `usr_…`: of this user alone, inside the view of the user. */
  @property() user: string | undefined;
  readonly #flows = new ResourceController<FlowRow[]>(this, {
    key: () => ["flows", this.user],
    load: async (signal) => (this.user === undefined ? readFlows(signal) : []),
  });
  readonly #data = new ResourceController<Analytics>(this, {
    key: () => [...["range", "from", "to", "flow", "by"].map((name) => this.query.get(name)), this.user],
    load: (signal) => workspace("analytics", { query: this.#request(), signal }),
  });

  constructor() {
    super();
    new PulseController(this, () => this.#data.reload(), { of: ["run"], least: 20_000 });
  }

  #get(name: string): string {
    return this.query.get(name) ?? "";
  }

  #request(): Record<string, string | undefined> {
    const common = this.user === undefined ? { by: this.#get("by") || "flow", flow: this.#get("flow") || undefined } : { user: this.user };
    if (this.#get("range") === "custom") {
      const day = (name: string) => (/^\d{4}-\d\d-\d\d$/.test(this.#get(name)) ? this.#get(name) : undefined);
      const [from, to] = [day("from"), day("to")];
      return { ...common, from: from && `${from}T00:00:00Z`, to: to && new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString() };
    }
    const hours = HOURS[this.#get("range") || "week"] ?? 168;
    return { ...common, from: new Date(Date.now() - (hours - 1) * 3_600_000).toISOString() };
  }

  override render(): TemplateResult {
    const { state } = this.#data;
    return html`
      ${this.user === undefined ? html`<header class="head"><h1>${say("title")}</h1><span class="gap"></span>${this.#renderDownloads()}</header>` : nothing}
      ${this.#renderBar()}
      ${state.value ? this.#renderData(state.value) : state.status === "failed" ? failure(state.error, () => this.#data.reload()) : bones()}
    `;
  }

  #renderBar(): TemplateResult {
    const range = this.#get("range") || "week";
    const date = (name: "from" | "to") =>
      html`<input class="input" type="date" aria-label=${say(name)} .value=${this.#get(name)} @change=${(event: Event) => setQuery({ [name]: (event.target as HTMLInputElement).value })} />`;
    return html`<div class="bar">
      ${choice("range", say("range"), range, [
        ["day", say("day")],
        ["week", say("week")],
        ["month", say("month")],
        ["quarter", say("quarter")],
        ["custom", say("custom")],
      ])}
      ${range === "custom" ? html`<span class="dates">${date("from")} – ${date("to")}</span>` : nothing}
      ${this.user === undefined ? this.#renderNarrow() : html`<span class="gap"></span>${this.#renderDownloads()}`}
    </div>`;
  }

  #renderDownloads(): TemplateResult {
    return html`
      <a class="button compact" href=${this.#csv("series")} download>${downloadIcon} ${say("runsOverTime")}</a>
      ${this.user === undefined ? html`<a class="button compact" href=${this.#csv("items")} download>${downloadIcon} ${say("csv")}</a>` : nothing}
    `;
  }

  #renderNarrow(): TemplateResult {
    return html`
      ${choice("flow", say("flow"), this.#get("flow"), [["", say("anyFlow")], ...(this.#flows.value ?? []).map(({ key, name }) => [key, name] as const)])}
      ${choice("by", say("by"), this.#get("by"), [
        ["", say("byFlow")],
        ["block", say("byBlock")],
        ["user", say("byUser")],
      ])}
    `;
  }

  #csv(table: "series" | "items"): string {
    const given = Object.entries({ ...this.#request(), table, format: "csv" }).flatMap(([name, value]) => (value ? [[name, value]] : []));
    return `/v1/workspace/analytics?${new URLSearchParams(given)}`;
  }

  #renderData(data: Analytics): TemplateResult {
    const { totals, items } = data;
    const series = fillGaps(data);
    if (!totals.runs) return empty({ icon: chartIcon, title: say("emptyTitle"), text: say("emptyText") });
    const times = series.map(({ at }) => Date.parse(at) / 1000);
    const took = (value: number) => english.took(value);
    const outcomes = OUTCOMES.map(([key, color]) => ({ label: say(key), color, values: series.map((point) => point[key]) }));
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${say("title")}><div class="column wide">
      ${this.#renderTotals(totals)}
      <section>
        <h2>${say("runsOverTime")}</h2>
        <div class="panel graph"><inlay-console-chart kind="bars" unit=${data.unit} label=${describe(
          say("runsOverTime"),
          series.map(({ runs }) => runs),
        )} .times=${times} .series=${outcomes}></inlay-console-chart></div>
      </section>
      <div class="pair">
        <section>
          <h2>${say("tasksOverTime")}</h2>
          <div class="panel graph"><inlay-console-chart unit=${data.unit} label=${describe(
            say("tasksOverTime"),
            series.map(({ tasks }) => tasks),
          )} .times=${times} .series=${[{ label: say("tasks"), color: "--_accent", values: series.map(({ tasks }) => tasks) }]}></inlay-console-chart></div>
        </section>
        <section>
          <h2>${say("timeOverTime")}</h2>
          <div class="panel graph"><inlay-console-chart unit=${data.unit} label=${describe(
            say("timeOverTime"),
            series.map(({ averageMs }) => averageMs ?? 0),
          )} .times=${times} .print=${took} .series=${[{ label: say("average"), color: "--_warning", values: series.map(({ averageMs }) => averageMs) }]}></inlay-console-chart></div>
        </section>
      </div>
      ${items.length ? this.#renderTable(items) : nothing}
    </div></div>`;
  }

  #renderTotals(totals: Counts): TemplateResult {
    const figure = (name: string, value: string) => html`<div><dt>${name}</dt><dd class="number">${value}</dd></div>`;
    const judged = totals.succeeded + totals.failed;
    return html`<dl class="figures">
      ${figure(say("runs"), english.number(totals.runs))} ${figure(say("rate"), judged ? percent.format(totals.succeeded / judged) : "–")}
      ${figure(say("failed"), english.number(totals.failed))} ${figure(say("tasks"), english.number(totals.tasks))}
      ${figure(say("average"), totals.averageMs === null ? "–" : english.took(totals.averageMs))}
    </dl>`;
  }

  #renderTable(items: Analytics["items"]): TemplateResult {
    const by = this.#get("by");
    const href = (key: string) =>
      by === "user" ? hrefOf(`/users/${encodeURIComponent(key)}`) : hrefOf(`/flows/${encodeURIComponent(key.split("/")[0] ?? key)}`);
    const heads = [say("runs"), ...OUTCOMES.map(([key]) => say(key)), say("tasks"), say("average")];
    return html`<section>
      <h2>${by === "user" ? say("byUser") : by === "block" ? say("byBlock") : say("byFlow")}</h2>
      <div class="panel table-wrap" tabindex="0" role="region" aria-label=${say("by")}>
        <table>
          <thead><tr><th scope="col">${say("name")}</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>
            ${items.map(
              (item) => html`<tr>
                <th scope="row"><a href=${href(item.key)}>${item.name}</a></th>
                <td>${english.number(item.runs)}</td>
                ${OUTCOMES.map(([key]) => html`<td>${english.number(item[key])}</td>`)}
                <td>${english.number(item.tasks)}</td>
                <td>${item.averageMs === null ? "–" : english.took(item.averageMs)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }
}

const describe = (name: string, values: number[]): string =>
  say("graphOf", { name, count: values.length, low: Math.round(Math.min(...values)), high: Math.round(Math.max(...values)) });

define("inlay-console-analytics", AnalyticsViewElement);
