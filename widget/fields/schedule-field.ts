import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import "../i18n/setup/schedule-words.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { selectBox } from "../ui/control.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { isCron, MINUTE_STEPS, type Rhythm, readCron } from "./cron-words.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { nextTimes } from "./next-times.ts";
import { dayName, rhythmWords } from "./rhythm-words.ts";
import { writeCron } from "./write-cron.ts";

const KINDS: readonly Rhythm["kind"][] = ["minutes", "hourly", "daily", "weekdays", "weekly", "monthly", "custom"];
/** When something runs, chosen in words and held as five-field cron text; a line below says it as a sentence. */
export class ScheduleFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    css`
      .days {
        display: flex;
        flex-wrap: wrap;
        gap: var(--_space);
      }

      .day {
        position: relative;
        display: grid;
        place-items: center;
        min-inline-size: calc(var(--_space) * 9);
        min-block-size: calc(var(--_space) * 8);
        padding-inline: var(--_space);
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
        background: var(--_surface);
        font-size: var(--_size-s);
        cursor: pointer;
      }

      .day:has(:checked) {
        border-color: transparent;
        background: var(--_accent);
        color: var(--_on-accent);
        font-weight: 500;
      }

      .day:has(:focus-visible) {
        outline: 2px solid var(--_focus);
        outline-offset: 2px;
      }

      .day input {
        position: absolute;
        inset: 0;
        opacity: 0;
        cursor: inherit;
      }

      .sentence {
        color: var(--_muted);
        font-size: var(--_size-s);
      }

      .control-row {
        max-inline-size: calc(var(--_space) * 120);
      }

      .control-row > .select:first-child {
        flex-basis: calc(var(--_space) * 44);
      }

      .sentence .next {
        display: block;
      }

      @media (forced-colors: active) {
        .day:has(:checked) {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  /** The user wants to write cron, also where it has words. */
  @state() private isCustom = false;

  get #rhythm(): Rhythm {
    const cron = typeof this.value === "string" ? this.value : "";
    return this.isCustom ? { kind: "custom", cron } : readCron(cron);
  }

  override render(): TemplateResult {
    const { shell, i18n } = this;
    const rhythm = this.#rhythm;
    const isBlank = typeof this.value !== "string" || this.value === "";
    return fieldShell(
      shell,
      html`
        <div class="control-row">
          ${selectBox(html`<select
            class="control"
            part="control"
            id="control"
            aria-describedby=${describedBy(shell)}
            aria-invalid=${shell.fault ? "true" : "false"}
            ?required=${this.required}
            ?disabled=${this.disabled}
            @change=${this.#pickKind}
          >
            ${isBlank && !this.isCustom ? html`<option value="" selected>${i18n.msg("field.choose")}</option>` : nothing}
            ${KINDS.map(
              (kind) =>
                html`<option value=${kind} ?selected=${kind === rhythm.kind && !(isBlank && !this.isCustom)}>${i18n.msg(`field.schedule.${kind}`)}</option>`,
            )}
          </select>`)}
          ${isBlank && !this.isCustom ? nothing : this.#renderDetail(rhythm)}
        </div>
        ${rhythm.kind === "weekly" ? this.#renderDays(rhythm) : nothing}
        ${isBlank ? nothing : html`<p class="sentence" aria-live="polite">${this.#say(rhythm)}</p>`}
      `,
    );
  }

  /** "Runs every weekday at 09:00, Berlin time", and when that is next. */
  #say(rhythm: Rhythm): TemplateResult {
    const { i18n, zone } = this;
    const sentence = rhythmWords(i18n, rhythm);
    const place = zone?.split("/").at(-1)?.replaceAll("_", " ");
    const times = nextTimes(rhythm, zone ?? "UTC", Date.now(), 3);
    const options: Intl.DateTimeFormatOptions = {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "numeric",
      minute: "2-digit",
      ...(zone && { timeZone: zone }),
    };
    const next = zone ? times.map((time) => i18n.dateTime(new Date(time).toISOString(), options)).join(" · ") : "";
    return html`${place ? i18n.msg("field.schedule.inZone", { sentence, zone: place }) : sentence}
    ${next ? html`<span class="next">${i18n.msg("field.schedule.next", { times: next })}</span>` : nothing}`;
  }

  #renderDetail(rhythm: Rhythm): TemplateResult {
    const { msg } = this.i18n;
    switch (rhythm.kind) {
      case "minutes":
        return this.#select(
          msg("field.schedule.every"),
          rhythm.every,
          MINUTE_STEPS,
          (every) => this.i18n.msg("field.schedule.minutesOf", { count: every }),
          (every) => ({
            ...rhythm,
            every,
          }),
        );
      case "hourly":
        return this.#select(
          msg("field.schedule.minute"),
          rhythm.minute,
          [...new Set([0, 15, 30, 45, rhythm.minute])],
          (m) => `:${String(m).padStart(2, "0")}`,
          (minute) => ({
            ...rhythm,
            minute,
          }),
        );
      case "monthly": {
        const days = Array.from({ length: 31 }, (_, index) => index + 1);
        return html`${this.#select(
          msg("field.schedule.day"),
          rhythm.day,
          days,
          (day) => this.i18n.number(day),
          (day) => ({ ...rhythm, day }),
        )}
        ${this.#renderTime(rhythm)}`;
      }
      case "custom":
        return html`<input
          class="control mono"
          part="control"
          type="text"
          dir="ltr"
          spellcheck="false"
          autocomplete="off"
          placeholder="0 9 * * 1-5"
          aria-label=${msg("field.schedule.cron")}
          ?disabled=${this.disabled}
          .value=${live(rhythm.cron)}
          @input=${(event: InputEvent) => this.#type(event, false)}
          @change=${(event: Event) => this.#type(event, true)}
        />`;
      default:
        return this.#renderTime(rhythm);
    }
  }

  #renderTime(rhythm: Extract<Rhythm, { time: string }>): TemplateResult {
    return html`<input
      class="control narrow"
      part="control"
      type="time"
      aria-label=${this.i18n.msg("field.schedule.time")}
      ?disabled=${this.disabled}
      .value=${rhythm.time}
      @change=${(event: Event) => this.#write({ ...rhythm, time: (event.target as HTMLInputElement).value || rhythm.time })}
    />`;
  }

  #select(
    label: string,
    value: number,
    all: readonly number[],
    name: (one: number) => string,
    change: (one: number) => Rhythm,
  ): TemplateResult {
    const select = html`<select
      class="control"
      part="control"
      aria-label=${label}
      ?disabled=${this.disabled}
      @change=${(event: Event) => this.#write(change(Number((event.target as HTMLSelectElement).value)))}
    >
      ${all.map((one) => html`<option value=${one} ?selected=${one === value}>${name(one)}</option>`)}
    </select>`;
    return selectBox(select, "narrow");
  }

  #renderDays(rhythm: Extract<Rhythm, { kind: "weekly" }>): TemplateResult {
    const first = firstDay(this.i18n.locale);
    const days = Array.from({ length: 7 }, (_, index) => (index + first) % 7);
    return html`<div class="days" role="group" aria-label=${this.i18n.msg("field.schedule.days")}>
      ${days.map(
        (day) => html`<label class="day">
          <input
            type="checkbox"
            aria-label=${dayName(this.i18n.locale, day, "long")}
            ?disabled=${this.disabled}
            .checked=${live(rhythm.days.includes(day))}
            @change=${() => this.#toggleDay(rhythm, day)}
          />
          <span aria-hidden="true">${dayName(this.i18n.locale, day, "short")}</span>
        </label>`,
      )}
    </div>`;
  }

  /** At least one day stays. */
  #toggleDay(rhythm: Extract<Rhythm, { kind: "weekly" }>, day: number): void {
    const days = rhythm.days.includes(day) ? rhythm.days.filter((one) => one !== day) : [...rhythm.days, day].sort((a, b) => a - b);
    if (days.length > 0) this.#write({ ...rhythm, days });
    else this.requestUpdate();
  }

  override findFault(): FaultAt | undefined {
    const wrong = typeof this.value === "string" && this.value.trim() !== "" && !isCron(this.value);
    return wrong ? { code: "type", message: "Enter five fields of cron" } : undefined;
  }

  #pickKind = (event: Event) => {
    const kind = (event.target as HTMLSelectElement).value as Rhythm["kind"];
    const old = this.#rhythm;
    const time = "time" in old ? old.time : "09:00";
    this.isCustom = kind === "custom";
    const next: Record<Rhythm["kind"], Rhythm> = {
      minutes: { kind: "minutes", every: 15 },
      hourly: { kind: "hourly", minute: 0 },
      daily: { kind: "daily", time },
      weekdays: { kind: "weekdays", time },
      weekly: { kind: "weekly", days: [1], time },
      monthly: { kind: "monthly", day: 1, time },
      custom: { kind: "custom", cron: typeof this.value === "string" ? this.value : "" },
    };
    this.#write(next[kind]);
  };

  #type(event: Event, commit: boolean): void {
    const cron = (event.target as HTMLInputElement).value;
    const wrong = cron.trim() !== "" && !isCron(cron);
    this.send(cron, commit, wrong ? { code: "type", message: "Enter five fields of cron" } : undefined);
  }

  #write(rhythm: Rhythm): void {
    this.send(writeCron(rhythm), true);
  }
}

/** The day on which the week begins there: 0 Sunday, 1 Monday, 6 Saturday. */
function firstDay(locale: string): number {
  const info = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  return (info.getWeekInfo?.().firstDay ?? 1) % 7;
}

define("inlay-schedule-field", ScheduleFieldElement);
