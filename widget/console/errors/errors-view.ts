import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { checkIcon, searchIcon } from "../../ui/icons.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import type { Session } from "../app/session.ts";
import { type FlowRow, readFlows } from "../flows/flow-api.ts";
import { downloadIcon } from "../ui/console-icons.ts";
import { bones, choice, failure, searchField, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type ErrorGroup, listErrors, listMembers, type MemberName } from "./error-api.ts";
import { say } from "./words.ts";

const FILTERS = ["status", "flow", "class", "assignee", "tag", "search"] as const;
const CLASSES = [
  "network",
  "timeout",
  "auth",
  "rate_limit",
  "invalid",
  "missing",
  "duplicate",
  "too_large",
  "intermittent",
  "expression",
  "code",
  "limit",
  "internal",
];

/** Failed runs of all flows, sorted by what went wrong. */
export class ErrorsViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  readonly #flows = new ResourceController<FlowRow[]>(this, { key: () => ["flows"], load: readFlows });
  readonly #members = new ResourceController<MemberName[]>(this, { key: () => ["members"], load: listMembers });
  readonly #errors = new PagedController<ErrorGroup>(this, {
    key: () => FILTERS.map((name) => this.query.get(name)),
    load: (cursor, signal) =>
      listErrors(Object.fromEntries(FILTERS.map((name) => [name, this.query.get(name) ?? undefined])), cursor, signal),
    idOf: ({ id }) => id,
  });

  /** Those that have been seen, to choose from. */
  readonly #tags = new Set<string>();

  constructor() {
    super();
    new PulseController(this, () => this.#errors.refresh(), { of: ["run", "error"] });
  }

  #columns(): Column<ErrorGroup>[] {
    const nameOf = (id: string) => this.#members.value?.find((member) => member.id === id)?.name ?? id;
    return [
      {
        key: "message",
        label: say("message"),
        width: "minmax(220px, 4fr)",
        narrow: "main",
        cell: ({ pattern, message, tags }) =>
          html`<span title=${message}>${pattern}</span>${tags.map((tag) => html`<span class="tag">${tag}</span>`)}`,
      },
      {
        key: "flow",
        label: say("flow"),
        width: "minmax(130px, 1.6fr)",
        narrow: "below",
        cell: ({ flow, step }) => html`<span>${flow}${step ? html`<span class="muted"> · ${step}</span>` : nothing}</span>`,
      },
      { key: "class", label: say("class"), width: "90px", cell: (error) => html`<span class="tag">${error.class}</span>` },
      {
        key: "assignee",
        label: say("assignee"),
        width: "100px",
        cell: ({ assignee }) => html`<span class="muted">${assignee ? nameOf(assignee) : "–"}</span>`,
      },
      {
        key: "users",
        label: say("users"),
        width: "84px",
        align: "end",
        cell: ({ integrations }) => html`<span class="number">${english.number(integrations)}</span>`,
      },
      {
        key: "open",
        label: say("open"),
        width: "64px",
        align: "end",
        narrow: "end",
        cell: ({ open }) =>
          html`<span><strong class="number">${english.number(open)}</strong><span class="only-narrow muted"> ${say("isOpen").toLowerCase()}</span></span>`,
      },
      {
        key: "last",
        label: say("last"),
        width: "110px",
        align: "end",
        cell: ({ lastAt }) => html`<span class="muted">${when(lastAt)}</span>`,
      },
    ];
  }

  override render(): TemplateResult {
    const { items, status, error } = this.#errors;
    const get = (name: string) => this.query.get(name) ?? "";
    for (const tag of [get("tag"), ...items.flatMap((one) => one.tags)]) if (tag) this.#tags.add(tag);
    const tags = [...this.#tags].sort();
    const isFiltered = FILTERS.some((name) => name !== "status" && get(name));
    const csv = `/v1/workspace/errors?format=csv&${new URLSearchParams(FILTERS.flatMap((name) => (get(name) ? [[name, get(name)]] : [])))}`;
    return html`
      <header class="head">
        <h1>${say("title")}</h1>
        <span class="gap"></span>
        <a class="button compact" href=${csv} download>${downloadIcon} ${say("csv")}</a>
      </header>
      <div class="bar">
        ${searchField(say("search"), get("search"))}
        ${choice("status", say("status"), get("status"), [
          ["", say("isOpen")],
          ["resolved", say("isResolved")],
        ])}
        ${choice("flow", say("flow"), get("flow"), [["", say("anyFlow")], ...(this.#flows.value ?? []).map(({ key, name }) => [key, name] as const)])}
        ${choice("class", say("class"), get("class"), [["", say("anyClass")], ...CLASSES.map((one) => [one, one] as const)])}
        ${choice("assignee", say("assignee"), get("assignee"), [
          ["", say("anyone")],
          ["me", say("me")],
          ["nobody", say("nobody")],
        ])}
        ${tags.length ? choice("tag", say("tag"), get("tag"), [["", say("anyTag")], ...tags.map((tag) => [tag, tag] as const)]) : nothing}
      </div>
      ${
        items.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${this.#columns()}
              .rows=${items}
              .idOf=${(one: ErrorGroup) => one.id}
              .hrefOf=${(one: ErrorGroup) => hrefOf(`/errors/${one.id}`)}
              @rows-end=${() => this.#errors.more()}
            ></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#errors.reload())
            : status === "loading"
              ? bones()
              : isFiltered
                ? empty({
                    icon: searchIcon,
                    title: say("noMatch"),
                    text: say("noMatchText"),
                    action: html`<a class="button" href=${hrefOf("/errors")}>${say("clear")}</a>`,
                  })
                : empty({ icon: checkIcon, title: get("status") ? say("resolvedEmpty") : say("emptyTitle"), text: say("emptyText") })
      }
    `;
  }
}

define("inlay-console-errors", ErrorsViewElement);
