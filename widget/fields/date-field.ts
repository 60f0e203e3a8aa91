import { css, html, type TemplateResult } from "lit";
import { define } from "../define.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

const TYPES = { date: "date", time: "time", datetime: "datetime-local" } as const;

/** A date (`2026-01-31`), a time of day (`09:30`), or a moment: shown in the user's own zone, held as ISO 8601 UTC. */
export class DateFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    css`
      .control {
        max-inline-size: calc(var(--_space) * 56);
      }
    `,
  ];

  override render(): TemplateResult {
    const { field, i18n } = this;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
    const inZone = field.type === "datetime" ? i18n.msg("field.date.zone", { zone }) : undefined;
    const shell = { ...this.shell, help: [this.shell.help, inZone].filter(Boolean).join(" · ") || undefined };
    const kind = field.type === "time" || field.type === "datetime" ? field.type : "date";
    const text = typeof this.value === "string" ? this.value : "";
    const { min, max } = field.validate ?? {};
    return fieldShell(
      shell,
      html`<input
        class="control"
        part="control"
        id="control"
        type=${TYPES[kind]}
        min=${kind === "datetime" ? toLocal(String(min ?? "")) : String(min ?? "")}
        max=${kind === "datetime" ? toLocal(String(max ?? "")) : String(max ?? "")}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        ?required=${this.required}
        ?disabled=${this.disabled}
        .value=${kind === "datetime" ? toLocal(text) : text}
        @change=${(event: Event) => this.#send((event.target as HTMLInputElement).value)}
      />`,
    );
  }

  #send(text: string): void {
    this.send(this.field.type === "datetime" && text !== "" ? new Date(text).toISOString() : text, true);
  }
}

/** `2026-01-31T09:30` in the user's zone of a moment in ISO 8601; "" where it is none. */
export function toLocal(iso: string): string {
  const date = new Date(iso);
  if (iso === "" || Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

define("inlay-date-field", DateFieldElement);
