import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Integration } from "../../shared/api/integration.ts";
import type { Slot } from "../../shared/api/slot.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { ResourceController } from "../api/resource.ts";
import { apiContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { describeError } from "../i18n/describe-error.ts";
import { describeWhy } from "../i18n/describe-why.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { badge, badgeStyles, type Tone } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { listSlots } from "./run-calls.ts";

const MOST = 20;
const TONES: Record<Slot["outcome"], Tone> = { ran: "success", late: "warning", skipped: "warning", coalesced: "neutral" };

/**
 * The due times of an integration's schedules and polls that did not end as planned, and why. Nothing where all did.
 *
 * @fires run-open - `{run}`, the run of a due time
 */
export class SlotsListElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    badgeStyles,
    calloutStyles,
    css`
      h3 {
        margin-block: calc(var(--_space) * 4) calc(var(--_space) * 2.5);
      }

      ul {
        border: 1px solid var(--_border);
        border-radius: var(--_radius-l);
        background: var(--_surface);
        font-size: var(--_size-s);
      }

      li {
        display: grid;
        grid-template-columns: minmax(124px, auto) minmax(0, 1fr) auto;
        align-items: baseline;
        gap: var(--_space) calc(var(--_space) * 4);
        padding: calc(var(--_space) * 2.5) calc(var(--_space) * 4);
        overflow-wrap: anywhere;
      }

      li + li {
        border-block-start: 1px solid var(--_border);
      }

      .why {
        display: block;
        color: var(--_muted);
      }

      time {
        color: var(--_muted);
        white-space: nowrap;
      }

      @container (width < 560px) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }

        li > .words {
          grid-row: 2;
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @property({ attribute: false }) integration!: Integration;

  readonly #slots = new ResourceController<Slot[]>(this, {
    key: () => this.client && [this.client, this.integration.id],
    load: async (signal) => {
      if (!this.client) throw new Error("asked before there was a token");
      const { items } = await listSlots(this.client, this.integration.id, signal);
      return items.filter(({ outcome }) => outcome !== "ran").slice(0, MOST);
    },
  });

  constructor() {
    super();
    new LiveController(this, (messages) => {
      if (
        messages.some((message) => message.type === "missed" || (message.type === "run" && message.run.integration === this.integration.id))
      )
        this.#slots.reload();
    });
  }

  override render(): TemplateResult | typeof nothing {
    const { state: slots } = this.#slots;
    const { msg } = this.i18n;
    if (slots.status === "failed") {
      const action = html`<button class="button compact" type="button" @click=${() => this.#slots.reload()}>${msg("action.retry")}</button>`;
      return html`<h3>${msg("integrations.due")}</h3>${callout({ tone: "danger", title: msg("slots.failed"), text: describeError(this.i18n, slots.error), action })}`;
    }
    if (!slots.value?.length) return nothing;
    return html`<h3>${msg("integrations.due")}</h3>
      <ul>
        ${slots.value.map((slot) => this.#renderSlot(slot))}
      </ul>`;
  }

  #renderSlot({ block, dueAt, outcome, lateness, reason, why, run }: Slot): TemplateResult {
    const { i18n } = this;
    const words =
      outcome === "late" && lateness !== null
        ? i18n.msg("slots.late", { took: i18n.took(lateness) })
        : i18n.msg(outcome === "late" ? "slots.ran" : `slots.${outcome}`);
    const name = this.integration.blocks.find(({ key }) => key === block)?.name ?? block;
    const told = (why && describeWhy(i18n, why, name)) ?? reason;
    const open = () => this.dispatchEvent(new CustomEvent("run-open", { detail: { run } }));
    return html`<li class="plain">
      ${badge(TONES[outcome], words)}
      <span class="words">${run ? html`<button class="link" type="button" @click=${open}><bdi>${name}</bdi></button>` : html`<bdi>${name}</bdi>`}
        ${told ? html`<span class="why"><bdi>${told}</bdi></span>` : nothing}</span>
      <time datetime=${dueAt} title=${i18n.dateTime(dueAt)}>${i18n.dateTime(dueAt)}</time>
    </li>`;
  }
}

define("inlay-slots-list", SlotsListElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-slots-list": SlotsListElement;
  }
}
