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
      .file .button {
        margin-inline-start: auto;
      }

      .file .muted {
        flex: none;
      }

      .file {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        padding-block: 0;
        padding-inline-end: var(--_space);
      }

      .file-name {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .drop {
        position: relative;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 calc(var(--_space) * 2);
        min-block-size: calc(var(--_space) * 14);
        padding: calc(var(--_space) * 3) calc(var(--_space) * 3.5);
        border: 1px dashed var(--_border-strong);
        border-radius: calc(var(--_radius) + var(--_space));
        background: var(--_surface);
        color: var(--_muted);
        font-size: var(--_size-s);
        transition: background-color var(--_duration);
      }

      .drop:hover,
      .drop.over {
        border-color: var(--_focus);
        background: var(--_accent-soft);
      }

      .drop.invalid {
        border-color: var(--_danger);
      }

      .drop strong {
        color: var(--_accent-text);
        font-weight: 500;
      }

      .drop input {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        opacity: 0;
        cursor: pointer;
      }

      .drop input:disabled {
        cursor: not-allowed;
      }

      .drop:has(:focus-visible) {
        outline: 2px solid var(--_focus);
        outline-offset: 2px;
      }
    `,
  ];

  @state() private refusal: FaultAt | undefined;
  @state() private isOver = false;

  override render(): TemplateResult {
    const { field, i18n } = this;
    const file = readFile(this.value);
    const shell = { ...this.shell, group: file !== undefined };
    if (file) {
      return fieldShell(
        shell,
        html`<div class="control file" role="group" aria-labelledby="label">
          <span class="file-name" dir="auto">${file.name}</span><span class="muted">${formatSize(i18n.locale, file.size)}</span>
          <button class="button ghost square compact" type="button" aria-label=${i18n.msg("field.remove", { label: file.name })} ?disabled=${this.disabled} @click=${this.#remove}>
            ${closeIcon}
          </button>
        </div>`,
      );
    }
    const looks = ["drop", this.isOver && "over", shell.fault && "invalid"].filter(Boolean).join(" ");
    const size = formatSize(i18n.locale, LARGEST_FILE);
    return fieldShell(
      shell,
      html`<div class=${looks} part="control" @dragover=${this.#hover} @dragleave=${this.#leave} @drop=${this.#drop}>
        <strong aria-hidden="true">${i18n.msg("field.file.choose")}</strong>
        <span aria-hidden="true">${i18n.msg("field.file.drop", { size })}</span>
        <input
          id="control"
          type="file"
          accept=${field.accept ?? ""}
          aria-describedby=${describedBy(shell)}
          aria-invalid=${shell.fault ? "true" : "false"}
          ?disabled=${this.disabled}
          @change=${(event: Event) => this.#take((event.target as HTMLInputElement).files?.[0])}
        />
      </div>`,
    );
  }

  override findFault(): FaultAt | undefined {
    return this.refusal;
  }

  #hover = (event: DragEvent) => {
    event.preventDefault();
    this.isOver = !this.disabled;
  };

  #leave = () => {
    this.isOver = false;
  };

  #drop = (event: DragEvent) => {
    event.preventDefault();
    this.isOver = false;
    if (!this.disabled) void this.#take(event.dataTransfer?.files[0]);
  };

  #judge(file: File): FaultAt | undefined {
    const { i18n } = this;
    const { accept = "" } = this.field;
    if (file.size > LARGEST_FILE) {
      return { code: "rule", message: "", say: "field.file.tooLarge", params: { size: formatSize(i18n.locale, LARGEST_FILE) } };
    }
    return isAccepted(file, accept) ? undefined : { code: "rule", message: "", say: "field.file.wrongKind", params: { kinds: accept } };
  }

  async #take(file: File | undefined): Promise<void> {
    if (!file) return;
    this.refusal = this.#judge(file);
    if (this.refusal) {
      for (const input of this.renderRoot.querySelectorAll("input")) input.value = "";
      this.send(null, true, this.refusal);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    this.send({ name: file.name, type: file.type, size: file.size, data } satisfies FileValue, true);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".file button")?.focus();
  }

  #remove = async () => {
    this.refusal = undefined;
    this.send(null, true);
    await this.updateComplete;
    this.focus();
  };
}

/** Whether the file is of a kind that `accept` (as in HTML) lists; a dropped file does not pass through the browser's own filter. */
export function isAccepted({ name, type }: Pick<File, "name" | "type">, accept: string): boolean {
  const kinds = accept.split(",").flatMap((kind) => kind.trim().toLowerCase() || []);
  const matches = (kind: string) =>
    kind.startsWith(".")
      ? name.toLowerCase().endsWith(kind)
      : kind.endsWith("/*")
        ? type.startsWith(kind.slice(0, -1))
        : type.toLowerCase() === kind;
  return kinds.length === 0 || kinds.some(matches);
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
