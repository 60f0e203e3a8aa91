import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import type { MenuItem } from "../../ui/menu.ts";
import "../../ui/menu.ts";
import { at } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import { flowIcon } from "../ui/console-icons.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import {
  type FlowInfo,
  type FlowVersion,
  listVersions,
  patchVersion,
  type Revision,
  readDraft,
  restoreVersion,
  saveDraft,
  setPublished,
} from "./flow-api.ts";
import { say } from "./words.ts";

/** A flow's versions: what each changed, which one users get, compared with any other, restored to the draft. */
export class FlowVersionsElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .number-cell {
        min-inline-size: 5ch;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }

      @container (max-width: 560px) {
        .line .words {
          flex-basis: calc(100% - 64px);
        }
      }

      .off {
        opacity: 0.75;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) info!: FlowInfo;
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private labelling: number | undefined;
  readonly #versions = new ResourceController<FlowVersion[]>(this, {
    key: () => [this.info.key, this.info.versions, this.info.version],
    load: (signal) => listVersions(this.info.key, signal),
  });

  override updated(): void {
    if (this.query.get("compare")) void import("./compare-view.ts");
  }

  override render(): TemplateResult {
    const { state } = this.#versions;
    const compared = this.query.get("compare");
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#versions.reload()) : bones();
    if (compared)
      return html`<inlay-console-compare .session=${this.session} .info=${this.info} .versions=${state.value} .from=${compared} .to=${this.query.get("with") ?? "draft"}></inlay-console-compare>`;
    if (!state.value.length) return empty({ icon: flowIcon, title: say("noVersions"), text: say("noVersionsText") });
    return html`<div class="scroll"><div class="column wide">
      <ul class="panel">${state.value.map((version) => this.#renderVersion(version))}</ul>
    </div></div>`;
  }

  #renderVersion(version: FlowVersion): TemplateResult {
    const { labels, note, available, published } = version;
    return html`<li class="line ${available ? "" : "off"}">
      <span class="number-cell">${version.version}</span>
      <div class="words">
        <span>${note || html`<span class="muted">–</span>`}</span>
        <span class="muted small">${version.author ? html`${version.author} · ` : nothing}${when(version.createdAt)}${version.integrations ? html` · ${say("onVersion", { count: version.integrations })}` : nothing}</span>
      </div>
      ${this.labelling === version.version ? this.#renderLabelForm(version) : labels.map((label) => html`<span class="tag">${label}</span>`)}
      ${published ? badge("success", say("live")) : nothing} ${available ? nothing : badge("neutral", say("unavailable"))}
      <a class="button compact" href=${this.#compareHref(version.version)}>${say("compare")}</a>
      <inlay-menu label=${say("actions", { name: say("version", { number: version.version }) })} .items=${this.#actions(version)}></inlay-menu>
    </li>`;
  }

  #renderLabelForm(version: FlowVersion): TemplateResult {
    const save = (event: SubmitEvent) => {
      event.preventDefault();
      const text = String(new FormData(event.target as HTMLFormElement).get("labels") ?? "");
      this.labelling = undefined;
      void this.#do(() => patchVersion(this.info.key, version.version, { labels: text.split(",") }));
    };
    return html`<form @submit=${save}>
      <input class="input" name="labels" aria-label=${say("labels")} .value=${version.labels.join(", ")} placeholder=${say("labelsHelp")} autofocus />
    </form>`;
  }

  #compareHref(version: number): string {
    return hrefOf(`/flows/${at(this.info.key)}/versions`, { compare: String(version) });
  }

  #actions(version: FlowVersion): MenuItem[] {
    const { key } = this.info;
    const number = version.version;
    const items: MenuItem[] = [
      { label: say("compare"), run: () => go(this.#compareHref(number)) },
      { label: say("download"), run: () => window.open(`/v1/workspace/flows/${at(key)}/versions/${number}/file?download`, "_self") },
    ];
    if (!can(this.session, "write")) return items;
    items.push({
      label: say("restore"),
      divided: true,
      run: () => void this.#restore(number),
    });
    if (!version.published && version.available)
      items.push({
        label: say("makeLive"),
        run: () =>
          this.#do(
            () => setPublished(key, number),
            say("nowLive", { number }),
            () => setPublished(key, this.info.version),
          ),
      });
    if (!version.published)
      items.push({
        label: version.available ? say("makeUnavailable") : say("makeAvailable"),
        run: () => {
          const turn = (available: boolean) => patchVersion(key, number, { available });
          const done = say(version.available ? "nowUnavailable" : "nowAvailable", { number });
          return this.#do(
            () => turn(!version.available),
            done,
            () => turn(version.available),
          );
        },
      });
    items.push({
      label: say("editLabels"),
      run: () => {
        this.labelling = number;
      },
    });
    return items;
  }

  /** Undoing puts the draft back as it was, unless somebody has changed it since. */
  async #restore(number: number): Promise<void> {
    const { key } = this.info;
    let before: Revision | undefined;
    let etag = "";
    const restore = async () => {
      before = await readDraft(key);
      await restoreVersion(key, number, before.etag);
      ({ etag } = await readDraft(key));
    };
    const undo = async () => {
      const saved = await saveDraft(key, before?.text ?? "", etag);
      if (saved.kind === "conflict") throw new Error(say("conflict"));
    };
    await this.#do(restore, say("restored", { number }), undo);
  }

  async #do(work: () => Promise<unknown>, done?: string, undo?: () => Promise<unknown>): Promise<void> {
    const read = async () => {
      await this.#versions.reload();
      this.dispatchEvent(new CustomEvent("flow-changed", { bubbles: true, composed: true }));
    };
    const again = undo && (() => undo().then(read));
    if (await attempt(this, work, done, again)) await read();
  }
}

define("inlay-console-flow-versions", FlowVersionsElement);
