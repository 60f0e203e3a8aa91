import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { plusIcon } from "../../ui/icons.ts";
import { send } from "../app/api.ts";
import { speaker } from "../app/say.ts";
import { viewStyles } from "./view-styles.ts";

const say = speaker({
  title: "Icon of “{name}”",
  text: "An SVG, PNG or WebP image of up to 64 kB. It is stored in the workspace, and the file names it.",
  choose: "Choose an image",
  use: "Use this icon",
  none: "Drop an image here",
  close: "Close",
  wrongKind: "That is no SVG, PNG or WebP image.",
  tooLarge: "An icon has at most 64 kB. This one has {size} kB.",
  preview: "Preview",
});

const ENDINGS: Readonly<Record<string, string>> = { "image/svg+xml": "svg", "image/png": "png", "image/webp": "webp" };
const MOST = 64_000;

/**
 * Stores an image as an icon of the workspace, under a name that its content decides, so that versions that name an earlier one keep it.
 *
 * @fires icon-done - the path that a file's `icon` names it by
 * @fires icon-close
 */
export class IconDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      .drop {
        --tile-size: 72px;

        display: grid;
        justify-items: center;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 6);
        border: 1px dashed var(--_border-strong);
        border-radius: var(--_radius-l);
        color: var(--_muted);
      }

      .drop.over {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }
    `,
  ];

  /** The flow's or app's key, and its name. */
  @property() key = "";
  @property() name = "";
  @state() private image: File | undefined;
  @state() private shown = "";
  @state() private fault = "";
  @state() private isOver = false;
  @state() private isBusy = false;
  @query("input[type=file]") private chooser?: HTMLInputElement;

  override render(): TemplateResult {
    return html`<inlay-dialog open heading=${say("title", { name: this.name })} close-label=${say("close")} @dialog-close=${this.#close}>
      <div class="form">
        <p class="muted">${say("text")}</p>
        <div class="drop ${this.isOver ? "over" : ""}" @dragover=${this.#dragOver} @dragleave=${this.#dragLeave} @drop=${this.#drop}>
          ${this.shown ? html`<span class="tile"><img src=${this.shown} alt=${say("preview")} /></span><span>${this.image?.name}</span>` : html`<span>${say("none")}</span>`}
          <input type="file" hidden accept=${Object.keys(ENDINGS).join(",")} @change=${this.#choose} />
          <button class="button compact" type="button" autofocus @click=${() => this.chooser?.click()}>${plusIcon} ${say("choose")}</button>
        </div>
        ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      </div>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${!this.image || this.isBusy} @click=${this.#store}>${say("use")}</button>
    </inlay-dialog>`;
  }

  async #take(file: File | undefined): Promise<void> {
    if (!file) return;
    this.image = undefined;
    this.shown = "";
    this.fault = "";
    if (!ENDINGS[file.type]) this.fault = say("wrongKind");
    else if (file.size > MOST) this.fault = say("tooLarge", { size: Math.ceil(file.size / 1_000) });
    else {
      this.image = file;
      this.shown = await readAsUrl(file);
    }
  }

  readonly #choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.#take(input.files?.[0]);
    input.value = "";
  };

  readonly #dragOver = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = true;
  };

  readonly #dragLeave = (): void => {
    this.isOver = false;
  };

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = false;
    void this.#take(event.dataTransfer?.files[0]);
  };

  readonly #store = async (): Promise<void> => {
    const { image } = this;
    if (!image || this.isBusy) return;
    this.isBusy = true;
    try {
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await image.arrayBuffer()));
      const name = [...hash.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const path = `icons/${this.key.toLowerCase()}-${name}.${ENDINGS[image.type]}`;
      await send(`workspace/icons/${path}`, { method: "PUT", bytes: image, headers: { "content-type": image.type } });
      this.dispatchEvent(new CustomEvent("icon-done", { detail: path }));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : say("wrongKind");
    } finally {
      this.isBusy = false;
    }
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("icon-close"));
  };
}

/** As a `data:` address: the console's policy lets images come from nowhere else. */
const readAsUrl = (file: File): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("loadend", () => resolve(String(reader.result ?? "")));
    reader.readAsDataURL(file);
  });

define("inlay-console-icon", IconDialogElement);
