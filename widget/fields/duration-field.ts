import { css, html, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { define } from "../define.ts";
import type { I18n } from "../i18n/i18n.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { selectBox } from "../ui/control.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { readNumber } from "./number-field.ts";

const UNITS = ["s", "m", "h", "d", "w"] as const;
type Unit = (typeof UNITS)[number];
const SECONDS: Record<Unit, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const NAMES = { s: "second", m: "minute", h: "hour", d: "day", w: "week" } as const;

/** The largest unit of which `seconds` are a whole number. */
const unitOf = (seconds: number): Unit => UNITS.findLast((unit) => seconds % SECONDS[unit] === 0 && seconds >= SECONDS[unit]) ?? "s";

/** Writes amounts of `unit` in words: "5 minutes". */
const unitFormat = (locale: string, unit: Unit): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { style: "unit", unit: NAMES[unit], unitDisplay: "long" });

/** "5 minutes", "2 days", in the user's language. */
function durationWords({ locale }: I18n, ms: number): string {
  const unit = unitOf(ms / 1_000);
  return unitFormat(locale, unit).format(ms / 1_000 / SECONDS[unit]);
}

/** An amount and a unit; held as the flow file writes durations: `15m`, `2h`. */
export class DurationFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    css`
      .control-row {
        max-inline-size: calc(var(--_space) * 80);
      }
    `,
  ];

  @state() private amount = "";
  @state() private unit: Unit = "m";

  override render(): TemplateResult {
    const { field, shell, i18n } = this;
    return fieldShell(
      shell,
      html`<div class="control-row" role="group" aria-labelledby="label">
        <input
          class="control narrow"
          part="control"
          id="control"
          type="text"
          inputmode="decimal"
          autocomplete="off"
          dir="ltr"
          placeholder=${field.placeholder ?? ""}
          aria-describedby=${describedBy(shell)}
          aria-invalid=${shell.fault ? "true" : "false"}
          ?required=${this.required}
          ?disabled=${this.disabled}
          .value=${live(this.amount)}
          @input=${(event: InputEvent) => this.#type(event, false)}
          @change=${(event: Event) => this.#type(event, true)}
        />
        ${selectBox(html`<select class="control" part="control" aria-label=${i18n.msg("field.duration.unit")} ?disabled=${this.disabled} @change=${this.#pick}>
          ${UNITS.map((unit) => html`<option value=${unit} ?selected=${unit === this.unit}>${unitName(i18n.locale, unit, readNumber(this.amount) ?? 10)}</option>`)}
        </select>`)}
      </div>`,
    );
  }

  /** A bound in words: "5 minutes". */
  protected override sayFault(fault: FaultAt): string {
    const params = Object.entries(fault.params ?? {}).map(([name, limit]) => [
      name,
      durationWords(this.i18n, parseDuration(String(limit)) ?? 0),
    ]);
    return super.sayFault({ ...fault, params: Object.fromEntries(params) });
  }

  override findFault(): FaultAt | undefined {
    return this.amount.trim() !== "" && !this.#isAmount ? { code: "type", message: "Enter a number" } : undefined;
  }

  get #isAmount(): boolean {
    return (readNumber(this.amount) ?? -1) >= 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("value") || this.value === this.#print()) return;
    const seconds = readSeconds(this.value);
    if (seconds === undefined) return;
    this.unit = unitOf(seconds);
    this.amount = String(seconds / SECONDS[this.unit]);
  }

  #print(): string {
    return this.#isAmount ? `${readNumber(this.amount)}${this.unit}` : "";
  }

  #type(event: Event, commit: boolean): void {
    this.amount = (event.target as HTMLInputElement).value;
    this.send(this.#print(), commit, this.findFault());
  }

  #pick = (event: Event) => {
    this.unit = UNITS.find((unit) => unit === (event.target as HTMLSelectElement).value) ?? "m";
    this.send(this.#print(), true, this.findFault());
  };
}

/** Seconds of `1h30m`; undefined where the text is no duration. */
export function readSeconds(value: unknown): number | undefined {
  const ms = typeof value === "string" ? parseDuration(value) : undefined;
  return ms === undefined ? undefined : ms / 1_000;
}

/** "minutes" in the user's language, in the form that goes with `amount`. */
function unitName(locale: string, unit: Unit, amount: number): string {
  const parts = unitFormat(locale, unit).formatToParts(amount);
  return parts.find((part) => part.type === "unit")?.value ?? unit;
}

define("inlay-duration-field", DurationFieldElement);
