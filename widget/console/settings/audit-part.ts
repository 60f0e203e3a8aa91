import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { AuditCheck, AuditEntry } from "../../../shared/api/audit.ts";
import type { Member } from "../../../shared/api/member.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { payload, payloadStyles } from "../../integrations/payload.ts";
import "../../ui/dialog.ts";
import { empty } from "../../ui/empty.ts";
import { listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { PagedController } from "../app/paged-controller.ts";
import { setQuery } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { downloadIcon, runsIcon } from "../ui/console-icons.ts";
import { bones, choice, failure, searchField, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

/** What actions begin with, as the edge names them. */
const ACTIONS = [
  ...["flow.", "template.", "folder.", "attachment.", "app.", "sample.", "icon.", "integration.", "account.", "run.", "error."],
  ...["member.", "sign_in_provider.", "token.", "key.", "secret.", "variable.", "notification-webhook.", "workspace."],
];

/** The audit log: found, opened, exported, checked. */
export class AuditPartElement extends LitElement {
  static override styles = [
    ...partStyles,
    payloadStyles,
    css`
      .date {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 1.5);
        font-size: var(--_size-s);
      }

      .date .input {
        inline-size: 124px;
        font-size: var(--_size-s);
      }

      @container (max-width: 560px) {
        .date {
          flex: 1 1 40%;
        }

        .date .input {
          flex: 1;
        }
      }

      .two-sides {
        display: grid;
        gap: calc(var(--_space) * 3);
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();
  @state() private open: AuditEntry | undefined;
  @state() private isChecking = false;
  readonly #entries = new PagedController<AuditEntry>(this, {
    key: () => [this.#filter()],
    load: (cursor, signal) => workspace("audit", { query: { ...this.#filter(), limit: 100, cursor }, signal }),
    idOf: ({ seq }) => String(seq),
  });
  readonly #columns: Column<AuditEntry>[] = [
    {
      key: "action",
      label: say("action"),
      width: "minmax(150px, 1.6fr)",
      narrow: "main",
      cell: (entry) => html`<button class="link" type="button" @click=${() => this.#show(entry)}>${entry.action}</button>`,
    },
    { key: "target", label: say("target"), width: "minmax(120px, 1.6fr)", cell: ({ target }) => html`<span class="mono">${target}</span>` },
    {
      key: "actor",
      label: say("actor"),
      width: "minmax(140px, 1.4fr)",
      narrow: "below",
      cell: ({ actor }) => html`<span>${actor.name ?? actor.id}</span>`,
    },
    { key: "from", label: say("from"), width: "120px", cell: ({ from }) => html`<span class="muted">${from.address ?? "–"}</span>` },
    {
      key: "when",
      label: say("when"),
      width: "120px",
      align: "end",
      narrow: "end",
      cell: ({ at: time }) => html`<span class="muted">${when(time)}</span>`,
    },
  ];

  readonly #members = new ResourceController<Member[]>(this, {
    key: () => ["members"],
    load: (signal) => listAll<Member>("members", {}, signal),
  });

  /** What the address asks for; days are those of UTC, the last one whole. */
  #filter(): Record<string, string> {
    const day = (name: string, more: number) => {
      const time = Date.parse(`${this.query.get(name)}T00:00:00Z`);
      return Number.isNaN(time) ? "" : new Date(time + more).toISOString();
    };
    const given = { from: day("from", 0), to: day("to", 86_400_000) };
    const named = ["action", "actor", "target"].map((name) => [name, this.query.get(name) ?? ""]);
    return Object.fromEntries([...named, ...Object.entries(given)].filter(([, value]) => value));
  }

  constructor() {
    super();
    new PulseController(this, () => this.#entries.refresh(), { of: ["*"] });
  }

  override render(): TemplateResult {
    const { items, status, error } = this.#entries;
    const get = (name: string) => this.query.get(name) ?? "";
    const date = (name: "from" | "to") =>
      html`<label class="date muted">${say(name === "from" ? "dateFrom" : "dateTo")} <input class="input" type="date" .value=${get(name)} @change=${(event: Event) => setQuery({ [name]: (event.target as HTMLInputElement).value })} /></label>`;
    const csv = new URLSearchParams({ format: "csv", ...this.#filter() });
    return html`
      <div class="bar">
        ${searchField(say("target"), get("target"), "target")}
        ${choice("actor", say("actor"), get("actor"), [["", say("anyActor")], ...(this.#members.value ?? []).map(({ id, name }) => [id, name] as const)])}
        ${choice("action", say("action"), get("action"), [["", say("anyAction")], ...ACTIONS.map((one) => [one, one.slice(0, -1).replaceAll(/[_-]/g, " ")] as const)])}
        ${date("from")} ${date("to")}
        <span class="gap"></span>
        <button class="button compact" type="button" aria-busy=${this.isChecking ? "true" : nothing} ?disabled=${this.isChecking} @click=${this.#verify}>${say("verify")}</button>
        <a class="button compact" href=${`/v1/workspace/audit?${csv}`} download>${downloadIcon} ${say("csv")}</a>
      </div>
      ${
        items.length
          ? html`<inlay-console-rows label=${say("audit")} .columns=${this.#columns} .rows=${items} .idOf=${(one: AuditEntry) => String(one.seq)} @rows-end=${() => this.#entries.more()}></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#entries.reload())
            : status === "loading"
              ? bones()
              : empty({ icon: runsIcon, title: say("noAudit"), text: say("noAuditText") })
      }
      ${this.open ? this.#renderEntry(this.open) : nothing}
    `;
  }

  #renderEntry(entry: AuditEntry): TemplateResult {
    return html`<inlay-dialog open no-footer heading=${`${entry.action} · ${entry.target}`} close-label=${say("close")} @dialog-close=${() => this.#show(undefined)}>
      <div class="form">
        <dl class="facts">
          <div><dt>${say("actor")}</dt><dd>${entry.actor.name ?? ""} <span class="mono muted">${entry.actor.id}</span></dd></div>
          <div><dt>${say("when")}</dt><dd>${when(entry.at)}</dd></div>
          <div><dt>${say("from")}</dt><dd>${entry.from.address ?? "–"}</dd></div>
          <div><dt>#</dt><dd class="number">${entry.seq}</dd></div>
        </dl>
        <div class="two-sides">${payload(say("before"), entry.before)} ${payload(say("after"), entry.after)}</div>
      </div>
    </inlay-dialog>`;
  }

  #show(entry: AuditEntry | undefined): void {
    this.open = entry;
  }

  readonly #verify = async (): Promise<void> => {
    this.isChecking = true;
    await attempt(this, async () => {
      let [checked, after]: [number, number | null] = [0, 0];
      while (after !== null) {
        const check: AuditCheck = await workspace<AuditCheck>("audit/verify", { query: { after } });
        checked += check.checked;
        if (check.broken) throw new Error(say("broken", { seq: check.broken.seq, reason: check.broken.reason }));
        after = check.next;
      }
      notify(this, { text: say("verified", { count: checked }) });
    });
    this.isChecking = false;
  };
}

define("inlay-console-audit", AuditPartElement);
