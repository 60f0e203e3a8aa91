import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import { plusIcon, searchIcon } from "../../ui/icons.ts";
import { go, hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, type Session } from "../app/session.ts";
import { flowIcon } from "../ui/console-icons.ts";
import { bones, choice, failure, searchField, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type FlowRow, readFlows } from "./flow-api.ts";
import { say } from "./words.ts";

const COLUMNS: Column<FlowRow>[] = [
  {
    key: "name",
    label: say("name"),
    width: "minmax(180px, 3fr)",
    narrow: "main",
    cell: (flow) => html`${appIcon(flow)} <span>${flow.name}</span>`,
  },
  {
    key: "version",
    label: say("status"),
    width: "minmax(90px, 1fr)",
    narrow: "end",
    cell: ({ version, audience }) =>
      html`${version === null ? badge("neutral", say("draft")) : badge("success", say("version", { number: version }))}${audience === "everyone" ? nothing : badge("neutral", say(audience))}`,
  },
  {
    key: "category",
    label: say("category"),
    width: "minmax(80px, 1fr)",
    narrow: "below",
    cell: ({ category, key }) => html`<span>${category ?? key}</span>`,
  },
  {
    key: "tags",
    label: say("tags"),
    width: "minmax(80px, 1.4fr)",
    cell: ({ tags: [first, ...more] }) =>
      first === undefined
        ? nothing
        : html`<span class="tag">${first}</span>${more.length ? html`<span class="muted small more" title=${more.join(", ")}>+${more.length}</span>` : nothing}`,
  },
  {
    key: "health",
    label: say("health"),
    width: "minmax(70px, 110px)",
    cell: ({ openErrors, attention }) =>
      openErrors
        ? badge("danger", say("errorCount", { count: openErrors }))
        : attention
          ? badge("warning", say("attentionCount", { count: attention }))
          : html`<span class="muted">${say("isFine")}</span>`,
  },
  {
    key: "integrations",
    label: say("integrations"),
    width: "90px",
    align: "end",
    cell: ({ integrations }) => html`<span class="number">${english.number(integrations)}</span>`,
  },
  {
    key: "changed",
    label: say("changed"),
    width: "120px",
    align: "end",
    cell: ({ updatedAt }) => html`<span class="muted">${when(updatedAt)}</span>`,
  },
];

/** All flows: found by words, category, tag, label and availability. A flow file dropped on it is stored as a draft. */
export class FlowsViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host([dropping]) {
        outline: 2px dashed var(--_accent);
        outline-offset: -8px;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  readonly #flows = new ResourceController<FlowRow[]>(this, { key: () => ["flows"], load: readFlows });

  constructor() {
    super();
    // On all of the view: a file is dropped as well where the list is empty, or narrowed to nothing.
    this.addEventListener("dragover", this.#dragOver);
    this.addEventListener("dragleave", this.#dragLeave);
    this.addEventListener("drop", this.#drop);
    new PulseController(this, () => this.#flows.reload(), { of: ["flow", "folder", "integration", "account", "run"], least: 5_000 });
  }

  override render(): TemplateResult {
    const { state } = this.#flows;
    const mayWrite = can(this.session, "write");
    return html`
      <header class="head">
        <h1>${say("title")}</h1>
        ${state.value?.length ? html`<span class="muted small" role="status">${say("results", { count: this.#shown(state.value).length })}</span>` : nothing}
        <span class="gap"></span>
        ${mayWrite ? html`<a class="button primary compact" href=${hrefOf("/flows", { new: "template" })}>${plusIcon} ${say("new")}</a>` : nothing}
      </header>
      ${state.value ? this.#renderList(state.value, mayWrite) : state.status === "failed" ? failure(state.error, () => this.#flows.reload()) : bones()}
      ${this.query.get("new") && mayWrite ? html`<inlay-console-new-flow .session=${this.session} .from=${this.query.get("new") ?? ""}></inlay-console-new-flow>` : nothing}
    `;
  }

  override updated(): void {
    if (this.query.get("new")) void import("./new-flow.ts");
  }

  #shown(flows: readonly FlowRow[]): FlowRow[] {
    return narrow(flows, (name) => this.query.get(name) ?? "");
  }

  #renderList(flows: FlowRow[], mayWrite: boolean): TemplateResult {
    if (!flows.length)
      return empty({
        icon: flowIcon,
        title: say("emptyTitle"),
        text: say("emptyText"),
        action: mayWrite
          ? html`<a class="button primary" href=${hrefOf("/flows", { new: "template" })}>${plusIcon} ${say("new")}</a>`
          : nothing,
      });
    const get = (name: string) => this.query.get(name) ?? "";
    const shown = this.#shown(flows);
    const options = (all: string, values: Iterable<string | null>): [string, string][] => [
      ["", all],
      ...[...new Set(values)].flatMap((value) => (value ? [[value, value] as [string, string]] : [])).sort(),
    ];
    return html`
      <div class="bar">
        ${searchField(say("search"), get("search"))}
        ${choice(
          "category",
          say("category"),
          get("category"),
          options(
            say("allCategories"),
            flows.map(({ category }) => category),
          ),
        )}
        ${choice(
          "tag",
          say("tags"),
          get("tag"),
          options(
            say("allTags"),
            flows.flatMap(({ tags }) => tags),
          ),
        )}
        ${
          flows.some(({ labels }) => labels.length)
            ? choice(
                "label",
                say("labels"),
                get("label"),
                options(
                  say("allLabels"),
                  flows.flatMap(({ labels }) => labels),
                ),
              )
            : nothing
        }
        ${flows.some(({ apps }) => apps.length) ? choice("app", say("app"), get("app"), [["", say("allApps")], ...appsOf(flows)]) : nothing}
        ${choice("health", say("health"), get("health"), [
          ["", say("anyHealth")],
          ["ok", say("isFine")],
          ["attention", say("needsAttention")],
          ["errors", say("hasErrors")],
        ])}
        ${choice("state", say("status"), get("state"), [
          ["", say("allAvailability")],
          ["published", say("isPublished")],
          ["draft", say("draftOnly")],
        ])}
      </div>
      ${
        shown.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${COLUMNS}
              .rows=${shown}
              .idOf=${(flow: FlowRow) => flow.key}
              .hrefOf=${(flow: FlowRow) => hrefOf(`/flows/${flow.key}`)}
            ></inlay-console-rows>`
          : empty({
              icon: searchIcon,
              title: say("noMatchTitle"),
              text: say("noMatchText"),
              action: html`<a class="button" href=${hrefOf("/flows")}>${say("clear")}</a>`,
            })
      }
    `;
  }

  readonly #dragOver = (event: DragEvent): void => {
    if (!can(this.session, "write") || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.toggleAttribute("dropping", true);
  };

  readonly #dragLeave = (): void => {
    this.toggleAttribute("dropping", false);
  };

  readonly #drop = async (event: DragEvent): Promise<void> => {
    this.toggleAttribute("dropping", false);
    const file = event.dataTransfer?.files[0];
    if (!file || !can(this.session, "write")) return;
    event.preventDefault();
    const { storeDropped } = await import("./flow-actions.ts");
    const key = await storeDropped(this, file);
    if (key) go(hrefOf(`/flows/${key}`));
  };
}

/** Flows that the address asks for. Words are looked for in name, key, description, category and tags. */
export function narrow(flows: readonly FlowRow[], get: (name: string) => string): FlowRow[] {
  const words = get("search").toLowerCase().split(/\s+/).filter(Boolean);
  const [category, tag, label, app] = [get("category"), get("tag"), get("label"), get("app")];
  const [health, state] = [get("health"), get("state")];
  return flows.filter((flow) => {
    const text = [
      flow.name,
      flow.key,
      flow.description,
      flow.category ?? "",
      ...flow.tags,
      ...flow.labels,
      ...flow.apps.map(({ name }) => name),
    ]
      .join(" ")
      .toLowerCase();
    if (!words.every((word) => text.includes(word))) return false;
    if (category && flow.category !== category) return false;
    if (tag && !flow.tags.includes(tag)) return false;
    if (label && !flow.labels.includes(label)) return false;
    if (app && !flow.apps.some(({ key }) => key === app)) return false;
    if (health && health !== healthOf(flow)) return false;
    return state === "" || (state === "published") === (flow.version !== null);
  });
}

/** `errors` before `attention`: what fails now is worse than what waits for somebody. */
const healthOf = ({ openErrors, attention }: FlowRow) => (openErrors ? "errors" : attention ? "attention" : "ok");

/** Every app that a flow uses, once, by name. */
function appsOf(flows: readonly FlowRow[]): [string, string][] {
  const names = new Map(flows.flatMap(({ apps }) => apps.map(({ key, name }) => [key, name] as const)));
  return [...names].sort(([, a], [, b]) => a.localeCompare(b));
}

define("inlay-console-flows", FlowsViewElement);
