import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import { property, query } from "lit/decorators.js";
import uPlot from "uplot";
import uplotStyles from "uplot/dist/uPlot.min.css?inline";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";

/** One line or one row of bars; `color` is a token of ours, such as `--_success`. */
export interface Series {
  label: string;
  color: string;
  values: (number | null)[];
}

const HEIGHT = 200;
/** Runs, tasks and milliseconds have no halves. */
const WHOLE = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** A graph over time on uPlot: bars on top of each other, or lines. `times` in seconds since epoch. */
export class ChartElement extends LitElement {
  static override styles = [
    unsafeCSS(uplotStyles),
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }

      .uplot {
        font-family: inherit;
      }

      .u-legend {
        color: var(--_muted);
        font-size: var(--_size-s);
        text-align: start;
      }

      .u-legend .u-value {
        color: var(--_text);
        font-variant-numeric: tabular-nums;
      }

      .u-legend .u-series > * {
        padding: 2px 6px;
      }

      .u-legend .u-marker {
        inline-size: 9px;
        block-size: 9px;
        border-radius: 3px;
      }

      .u-legend .u-series:first-child th {
        display: none;
      }

      .u-legend.u-inline .u-series th::after {
        content: none;
      }

      .u-legend th {
        font-weight: 500;
      }

      .u-legend.u-inline tbody {
        display: flex;
        flex-wrap: wrap;
      }

      /* What is drawn first lies behind, and is said last. */
      :host([kind="bars"]) .u-series:nth-child(1) {
        order: 5;
      }

      :host([kind="bars"]) .u-series:nth-child(2) {
        order: 4;
      }

      :host([kind="bars"]) .u-series:nth-child(3) {
        order: 3;
      }

      :host([kind="bars"]) .u-series:nth-child(4) {
        order: 2;
      }

      :host([kind="bars"]) .u-series:nth-child(5) {
        order: 1;
      }
    `,
  ];

  @property({ attribute: false }) times: number[] = [];
  @property({ attribute: false }) series: Series[] = [];
  @property({ reflect: true }) kind: "bars" | "lines" = "lines";
  /** What each point stands for. Days are those of UTC. */
  @property() unit: "hour" | "day" = "hour";
  /** Read out in place of the picture. */
  @property() label = "";
  @property({ attribute: false }) print: (value: number) => string = (value) => english.number(value);
  @query(".holder") private holder?: HTMLElement;
  #plot: uPlot | undefined;
  readonly #sizes = new ResizeObserver(() => this.#fit());
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
    this.#dark.addEventListener("change", this.#draw);
    window.addEventListener("inlay-console-theme", this.#draw);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#dark.removeEventListener("change", this.#draw);
    window.removeEventListener("inlay-console-theme", this.#draw);
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  override render(): TemplateResult {
    return html`<div class="holder" role="img" aria-label=${this.label}></div>`;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.#draw();
  }

  #tick(time: number): string {
    const iso = new Date(time * 1000).toISOString();
    return this.unit === "day"
      ? english.dateTime(iso, { month: "short", day: "numeric", timeZone: "UTC" })
      : english.dateTime(iso, { hour: "numeric", minute: "2-digit" });
  }

  readonly #draw = (): void => {
    const { holder } = this;
    if (!holder || !this.isConnected || this.clientWidth === 0) return;
    this.#plot?.destroy();
    const colour = (token: string) => colourOf(this, token);
    const bars = uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 });
    const stacked = this.kind === "bars" ? stack(this.series.map(({ values }) => values)) : this.series.map(({ values }) => values);
    const order = this.series.map((_, index) => index);
    const drawn = this.kind === "bars" ? order.toReversed() : order;
    const half = this.unit === "day" ? 43_200 : 1_800;
    const axis = {
      stroke: colour("--_muted"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: colour("--_border"), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width: this.clientWidth,
        height: HEIGHT,
        ...(this.unit === "day" ? { tzDate: (time: number) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC") } : {}),
        cursor: { y: false, points: { show: this.kind === "lines" } },
        legend: { live: true },
        scales: {
          // Half a bar's room at either end.
          ...(this.kind === "bars" ? { x: { range: (_plot, first, last) => [first - half, last + half] } } : {}),
          y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            ...{ gap: 10, size: 40 },
            ...(this.unit === "day" ? { incrs: [1, 2, 7, 14, 28].map((days) => days * 86_400) } : {}),
            values: (_plot, ticks) => ticks.map((time) => this.#tick(time)),
          },
          { ...axis, size: 52, incrs: WHOLE, values: (_plot, ticks) => ticks.map(this.print) },
        ],
        series: [
          {
            label: "",
            value: (_plot, time) =>
              time === null
                ? ""
                : english.dateTime(
                    new Date(time * 1000).toISOString(),
                    this.unit === "day" ? { dateStyle: "medium", timeZone: "UTC" } : undefined,
                  ),
          },
          ...drawn.map((index): uPlot.Series => {
            const { label = "", color = "--_accent", values = [] } = this.series[index] ?? {};
            const stroke = colour(color);
            return {
              label,
              stroke,
              width: this.kind === "bars" ? 0 : 2,
              fill: this.kind === "bars" ? stroke : withAlpha(stroke),
              points: { show: this.kind === "lines" && values.filter((value) => value !== null).length < 3 },
              ...(this.kind === "bars" && bars ? { paths: bars } : {}),
              value: (_plot, _value, _series, at) => (at === null || at === undefined ? "" : this.print(values[at] ?? 0)),
            };
          }),
        ],
      },
      [this.times, ...drawn.map((index) => stacked[index] ?? [])],
      holder,
    );
  };

  #fit(): void {
    if (this.#plot && this.clientWidth > 0) this.#plot.setSize({ width: this.clientWidth, height: HEIGHT });
    else this.#draw();
  }
}

/** Each series on top of those before it. */
export function stack(series: (number | null)[][]): number[][] {
  const sums: number[] = [];
  return series.map((values) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return sums[index];
    }),
  );
}

/** What a token is where the element stands, in a form that a canvas knows. */
function colourOf(element: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  element.shadowRoot?.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const withAlpha = (colour: string) => `color-mix(in srgb, ${colour} 12%, transparent)`;

define("inlay-console-chart", ChartElement);
