import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../define.ts";
import "../ui/combobox.ts";
import type { Choice } from "../ui/filter-choices.ts";
import { comboboxWords } from "./combobox-words.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";

/** An IANA time zone, found by city or region, each with its offset from UTC now; the user's own comes first. */
export class TimezoneFieldElement extends FieldElement {
  static override styles = fieldStyles;

  /** Four hundred zones with their offsets take a moment to list: not before they are asked for. */
  @state() private list: readonly Choice[] | undefined;

  override render(): TemplateResult {
    const { i18n, field } = this;
    const list = this.list ?? [];
    const value = typeof this.value === "string" ? this.value : "";
    const chosen = value === "" ? [] : [list.find((choice) => choice.value === value) ?? toChoice(value)];
    return html`<inlay-combobox
      exportparts=${FIELD_PARTS}
      .shell=${this.shell}
      .choices=${list}
      .chosen=${chosen.map((choice) => ({ ...choice, label: `${choice.label}${choice.detail ? ` (${choice.detail})` : ""}` }))}
      .words=${comboboxWords(i18n)}
      ?clearable=${!this.required}
      ?disabled=${this.disabled}
      placeholder=${field.placeholder ?? i18n.msg("field.choose")}
      @combobox-open=${() => {
        this.list ??= listTimezones(i18n.msg("field.timezone.yours"));
      }}
      @combobox-choose=${(event: CustomEvent<{ choice: Choice }>) => this.send(event.detail.choice.value, true)}
      @combobox-clear=${() => this.send(null, true)}
    ></inlay-combobox>`;
  }
}

/** Every zone that the browser knows, grouped by region, the user's own and UTC first. */
export function listTimezones(yours: string, now = new Date()): Choice[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = [...new Set([own, "UTC"])].map((zone) => ({ ...toChoice(zone, now), group: yours }));
  const rest = Intl.supportedValuesOf("timeZone").filter((zone) => zone !== own && zone !== "UTC");
  return [...first, ...rest.map((zone) => ({ ...toChoice(zone, now), group: zone.split("/")[0]?.replaceAll("_", " ") }))];
}

function toChoice(zone: string, now = new Date()): Choice {
  return { value: zone, label: zone.replaceAll("_", " "), detail: offsetOf(zone, now) };
}

/** `UTC+02:00` as of `now`; undefined for a zone that does not exist. */
export function offsetOf(zone: string, now: Date): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(now);
    const offset = parts.find((part) => part.type === "timeZoneName")?.value.replace("GMT", "UTC");
    return offset === "UTC" ? "UTC+00:00" : offset;
  } catch {
    return undefined;
  }
}

define("inlay-timezone-field", TimezoneFieldElement);
