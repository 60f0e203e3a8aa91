import { css, html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { buttonStyles } from "../ui/button.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { closeIcon } from "../ui/icons.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

/** What a file field holds. `data` is base64. */
export interface FileValue {
  name: string;
  type: string;
  size: number;
  data: string;
}

/** The edge takes 100 kB a field; base64 adds a third. In bytes. */
export const LARGEST_FILE = 64_000;

/** A small file, kept with the form's values. */
export class FileFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    buttonStyles,
    css`
      .file {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        padding-block: 0;
        padding-inline-end: var(--_space);
      }

      .file > span {
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      input[type="file"] {
        padding-block: calc(var(--_space) * 1.5);
      }

      input::file-selector-button {
        margin-inline-end: calc(var(--_space) * 2);
        border: 0;
        background: none;
        color: var(--_accent-text);
        font: inherit;
        font-weight: 500;
        cursor: pointer;
      }
    `,
  ];

  @state() private tooLarge: FaultAt | undefined;

  override render(): TemplateResult {
    const { field, i18n } = this;
    const file = readFile(this.value);
    const shell = { ...this.shell, group: file !== undefined };
    if (file) {
      return fieldShell(
        shell,
        html`<div class="control file" role="group" aria-labelledby="label">
          <span>${file.name} <span class="muted">${formatSize(i18n.locale, file.size)}</span></span>
          <button class="button ghost square compact" type="button" aria-label=${i18n.msg("field.remove", { label: file.name })} ?disabled=${this.disabled} @click=${this.#remove}>
            ${closeIcon}
          </button>
        </div>`,
      );
    }
    return fieldShell(
      shell,
      html`<input
        class="control"
        part="control"
        id="control"
        type="file"
        accept=${field.accept ?? ""}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        ?disabled=${this.disabled}
        @change=${this.#take}
      />`,
    );
  }

  override findFault(): FaultAt | undefined {
    return this.tooLarge;
  }

  #take = async (event: Event) => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this.tooLarge =
      file.size > LARGEST_FILE
        ? { code: "rule", message: this.i18n.msg("field.file.tooLarge", { size: formatSize(this.i18n.locale, LARGEST_FILE) }) }
        : undefined;
    if (this.tooLarge) {
      (event.target as HTMLInputElement).value = "";
      this.send(null, true, this.tooLarge);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    this.send({ name: file.name, type: file.type, size: file.size, data } satisfies FileValue, true);
  };

  #remove = async () => {
    this.tooLarge = undefined;
    this.send(null, true);
    await this.updateComplete;
    this.focus();
  };
}

function readFile(value: unknown): Pick<FileValue, "name" | "size"> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, size } = value as Partial<Record<"name" | "size", unknown>>;
  return typeof name === "string" && typeof size === "number" ? { name, size } : undefined;
}

function formatSize(locale: string, bytes: number): string {
  const [amount, unit] = bytes < 1_000 ? [bytes, "byte"] : [bytes / 1_000, "kilobyte"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
}

define("inlay-file-field", FileFieldElement);
