import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Slot } from "../../../shared/api/slot.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { badge, type Tone } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import { clockIcon } from "../../ui/icons.ts";
import { at, workspace } from "../app/api.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { bones, choice, failure } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import type { MemberIntegration } from "./integration-api.ts";
import { say } from "./words.ts";

const TONES: Record<Slot["outcome"], Tone> = { ran: "success", late: "warning", skipped: "warning", coalesced: "neutral" };

const whyOf = ({ outcome, lateness, reason }: Slot): string =>
  reason ?? (outcome !== "ran" && lateness !== null ? say("lateBy", { took: english.took(lateness) }) : "–");

const COLUMNS: Column<Slot>[] = [
  {
    key: "due",
    label: say("due"),
    width: "minmax(210px, 1fr)",
    narrow: "main",
    cell: ({ dueAt }) =>
      html`<time class="number" datetime=${dueAt}>${english.dateTime(dueAt, { dateStyle: "medium", timeStyle: "medium" })}</time>`,
  },
  { key: "outcome", label: say("outcome"), width: "130px", narrow: "end", cell: ({ outcome }) => badge(TONES[outcome], say(outcome)) },
  {
    key: "block",
    label: say("block"),
    width: "minmax(100px, 1fr)",
    narrow: "below",
    cell: (slot) =>
      html`<span class="muted">${slot.block}${whyOf(slot) === "–" ? nothing : html`<span class="only-narrow"> · ${whyOf(slot)}</span>`}</span>`,
  },
  { key: "why", label: say("why"), width: "minmax(140px, 2fr)", cell: (slot) => html`<span class="muted">${whyOf(slot)}</span>` },
  {
    key: "run",
    label: say("run"),
    width: "110px",
    align: "end",
    cell: ({ run }) => html`<span class=${run ? "link" : "muted"}>${run ? say("openRun") : "–"}</span>`,
  },
];

/** Every due time of an integration's schedules and polls, latest first: ran, late, skipped, taken together, and why. */
export class SlotListElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) query = new URLSearchParams();
  @property({ attribute: false }) integration!: MemberIntegration;
  readonly #slots = new PagedController<Slot>(this, {
    key: () => [this.integration.id, this.query.get("block")],
    load: (cursor, signal) =>
      workspace(`integrations/${at(this.integration.id)}/slots`, { query: { block: this.query.get("block"), limit: 100, cursor }, signal }),
    idOf: ({ block, dueAt }) => `${block} ${dueAt}`,
  });

  constructor() {
    super();
    new PulseController(this, () => this.#slots.refresh(), { of: ["run"], least: 3_000 });
  }

  override render(): TemplateResult {
    const { items, status, error } = this.#slots;
    const timed = this.integration.blocks.filter(({ trigger }) => trigger.type === "schedule" || trigger.type === "poll");
    return html`
      ${
        timed.length > 1
          ? html`<div class="bar">${choice("block", say("block"), this.query.get("block") ?? "", [["", say("anyBlock")], ...timed.map(({ key, name }) => [key, name] as const)])}</div>`
          : nothing
      }
      ${
        items.length
          ? html`<inlay-console-rows label=${say("schedule")} .columns=${COLUMNS} .rows=${items} .idOf=${({ block, dueAt }: Slot) => `${block} ${dueAt}`} .hrefOf=${({ run }: Slot) => (run ? hrefOf(`/runs/${run}`) : undefined)} @rows-end=${() => this.#slots.more()}></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#slots.reload())
            : status === "loading"
              ? bones()
              : empty({ icon: clockIcon, title: say("noSlots"), text: timed.length ? say("noSlotsYet") : say("noSlotsText") })
      }
    `;
  }
}

define("inlay-console-slots", SlotListElement);
