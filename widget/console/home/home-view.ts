import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Folder, Home } from "../../../shared/api/workspace-flow.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import { gridIcon, listIcon, plusIcon } from "../../ui/icons.ts";
import type { MenuItem } from "../../ui/menu.ts";
import "../../ui/menu.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, type Session } from "../app/session.ts";
import { type FlowRow, moveToFolder, readFlows } from "../flows/flow-api.ts";
import { flowIcon, folderIcon, pinIcon } from "../ui/console-icons.ts";
import { bones, failure } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { arrangeFlows, moveFlow, type Shelf } from "./arrange-flows.ts";
import { homeStyles } from "./home-styles.ts";
import { say } from "./words.ts";

/** Flows of a shelf that are drawn at first. */
const SHOWN = 60;

interface HomeData {
  flows: FlowRow[];
  folders: Folder[];
  home: Home;
}

/** The member's own view of all flows: arranged by hand, pinned, in folders, with what is in trouble. */
export class HomeViewElement extends LitElement {
  static override styles = [...viewStyles, homeStyles];

  @property({ attribute: false }) session!: Session;
  @state() private dragged: string | undefined;
  @state() private dropAt: { shelf: string; before: string | undefined } | undefined;
  /** The folder whose name is written; an empty text for a new one. */
  @state() private naming: string | undefined;
  /** How many flows of a shelf are drawn, where somebody wanted more. */
  @state() private shown: ReadonlyMap<string, number> = new Map();
  #focusKey: string | undefined;
  readonly #data = new ResourceController<HomeData>(this, {
    key: () => ["home"],
    load: async (signal) => {
      const [flows, folders, home] = await Promise.all([
        readFlows(signal),
        listAll<Folder>("folders", {}, signal),
        workspace<Home>("home", { signal }),
      ]);
      return { flows, folders, home };
    },
  });

  constructor() {
    super();
    new PulseController(this, () => !this.dragged && this.naming === undefined && this.#data.reload(), {
      of: ["flow", "folder", "integration", "account", "run"],
      least: 5_000,
    });
  }

  override updated(): void {
    if (!this.#focusKey) return;
    this.renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(this.#focusKey)}"]`)?.focus();
    this.#focusKey = undefined;
  }

  override render(): TemplateResult {
    const { state } = this.#data;
    const data = state.value;
    return html`
      <header class="head">
        <h1>${say("title")}</h1>
        <span class="gap"></span>
        ${data?.flows.length ? this.#renderTools(data) : nothing}
      </header>
      ${data ? this.#renderShelves(data) : state.status === "failed" ? failure(state.error, () => this.#data.reload()) : bones()}
    `;
  }

  #renderTools(data: HomeData): TemplateResult {
    const isTiles = data.home.view === "tiles";
    const layout = (view: Home["view"], icon: TemplateResult) =>
      html`<button class="button ghost square compact" type="button" aria-label=${say(view)} title=${say(view)} aria-pressed=${(view === "tiles") === isTiles ? "true" : "false"} @click=${() => this.#keep(data, { view })}>${icon}</button>`;
    return html`
      <span class="layout" role="group" aria-label=${say("layout")}>${layout("tiles", gridIcon)}${layout("list", listIcon)}</span>
      ${
        can(this.session, "write")
          ? html`<button class="button compact" type="button" @click=${() => this.#name("")}>${folderIcon} ${say("newFolder")}</button>
              <a class="button primary compact" href=${hrefOf("/flows", { new: "template" })}>${plusIcon} ${say("newFlow")}</a>`
          : nothing
      }
    `;
  }

  #renderShelves(data: HomeData): TemplateResult {
    const { flows, folders, home } = data;
    if (!flows.length)
      return empty({
        icon: flowIcon,
        title: say("emptyTitle"),
        text: say("emptyText"),
        action: can(this.session, "write")
          ? html`<a class="button primary" href=${hrefOf("/flows", { new: "template" })}>${plusIcon} ${say("newFlow")}</a>`
          : nothing,
      });
    const shelves = arrangeFlows(flows, folders, home, { pinned: say("pinned"), standalone: say("standalone") });
    const hasFolders = shelves.length > 1;
    return html`<div class="scroll"><div class="column wide">
      ${this.#renderSums(flows)}
      ${this.naming === "" ? this.#renderNaming(undefined) : nothing}
      ${shelves.filter((shelf) => shelf.flows.length || shelf.id !== "standalone").map((shelf) => this.#renderShelf(shelf, shelves, data, hasFolders))}
      <p class="muted small">${say("hint")}</p>
    </div></div>`;
  }

  #renderSums(flows: FlowRow[]): TemplateResult {
    const sum = (key: "enabled" | "openErrors" | "attention") => flows.reduce((total, flow) => total + flow[key], 0);
    const figure = (value: number, words: string, href: string, tone = "") =>
      html`<a class="sum ${value ? tone : ""}" href=${href}><strong class="number">${english.number(value)}</strong> <span>${words}</span></a>`;
    return html`<div class="sums">
      ${figure(flows.length, say("flows", { count: flows.length }), hrefOf("/flows"))}
      ${figure(sum("enabled"), say("on"), hrefOf("/flows"))}
      ${figure(sum("openErrors"), say("open"), hrefOf("/errors"), "bad")}
      ${figure(sum("attention"), say("needs"), hrefOf("/connections"), "warn")}
    </div>`;
  }

  #renderShelf(shelf: Shelf, shelves: Shelf[], data: HomeData, isNamed: boolean): TemplateResult {
    const isFolder = shelf.id !== "pinned" && shelf.id !== "standalone";
    const isTiles = data.home.view === "tiles";
    return html`<section
      @dragover=${(event: DragEvent) => this.#dragOver(event, shelf.id, undefined)}
      @drop=${(event: DragEvent) => this.#drop(event, shelves, data)}
    >
      ${
        isNamed
          ? this.naming === shelf.id
            ? this.#renderNaming(shelf)
            : html`<h2 class="group-title">
                ${shelf.id === "pinned" ? pinIcon : folderIcon} ${shelf.name} <span class="muted number">${shelf.flows.length}</span>
                ${isFolder && can(this.session, "write") ? html`<inlay-menu label=${say("folderActions", { name: shelf.name })} .items=${this.#folderActions(shelf)}></inlay-menu>` : nothing}
              </h2>`
          : nothing
      }
      ${
        shelf.flows.length
          ? html`<ul class=${isTiles ? "tiles-grid" : "panel"}>
              ${repeat(
                shelf.flows.slice(0, this.shown.get(shelf.id) ?? SHOWN),
                ({ key }) => key,
                (flow) => this.#renderFlow(flow, shelf, shelves, data, isTiles),
              )}
            </ul>
            ${this.#renderMore(shelf)}`
          : html`<p class="muted small drop-hint ${this.dropAt?.shelf === shelf.id ? "over" : ""}">${say("emptyFolder")}</p>`
      }
    </section>`;
  }

  #renderMore({ id, flows }: Shelf): TemplateResult | typeof nothing {
    const count = this.shown.get(id) ?? SHOWN;
    if (flows.length <= count) return nothing;
    const more = () => {
      this.shown = new Map(this.shown).set(id, count + SHOWN * 2);
    };
    return html`<p class="more"><button class="button compact" type="button" @click=${more}>${say("more", { count: Math.min(SHOWN * 2, flows.length - count) })}</button></p>`;
  }

  #renderFlow(flow: FlowRow, shelf: Shelf, shelves: Shelf[], data: HomeData, isTiles: boolean): TemplateResult {
    const isHere = this.dropAt?.shelf === shelf.id && this.dragged !== undefined;
    const isOver = isHere && this.dropAt?.before === flow.key && this.dragged !== flow.key;
    const next = shelf.flows[shelf.flows.indexOf(flow) + 1]?.key;
    const isLast = isHere && next === undefined && this.dropAt?.before === undefined && this.dragged !== flow.key;
    return html`<li
      class="${isTiles ? "flow-tile" : "line"} ${isOver ? "over" : ""} ${isLast ? "over-end" : ""} ${this.dragged === flow.key ? "dragged" : ""}"
      draggable="true"
      @dragstart=${(event: DragEvent) => this.#dragStart(event, flow.key)}
      @dragend=${this.#dragEnd}
      @dragover=${(event: DragEvent) => this.#dragOver(event, shelf.id, isPast(event, isTiles) ? next : flow.key)}
    >
      ${appIcon(flow)}
      <div class="words">
        <a class="open" data-key=${flow.key} href=${hrefOf(`/flows/${at(flow.key)}`)} aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight" draggable="false" @keydown=${(event: KeyboardEvent) => this.#press(event, flow, shelf, shelves, data)}>${flow.name}</a>
        <span class="muted small">${flow.apps.length ? flow.apps.map(({ name }) => name).join(" · ") : (flow.category ?? flow.key)}</span>
      </div>
      <inlay-menu label=${say("actions", { name: flow.name })} .items=${this.#flowActions(flow, shelf, shelves, data)}></inlay-menu>
      <p class="facts-line small">
        ${flow.version === null ? badge("neutral", say("draft")) : html`<span class="muted">${say("enabled", { count: flow.enabled })}</span>`}
        ${flow.openErrors ? badge("danger", say("errors", { count: flow.openErrors })) : nothing}
        ${flow.attention ? badge("warning", say("attention", { count: flow.attention })) : nothing}
        <span class="gap"></span>
        <span class="muted changed">${say("changed", { when: english.relative(flow.updatedAt) })}</span>
      </p>
    </li>`;
  }

  #renderNaming(shelf: Shelf | undefined): TemplateResult {
    const save = async (event: SubmitEvent) => {
      event.preventDefault();
      const name = String(new FormData(event.target as HTMLFormElement).get("name") ?? "").trim();
      if (!name) return;
      const write = () =>
        shelf
          ? workspace(`folders/${at(shelf.id)}`, { method: "PATCH", body: { name } })
          : workspace("folders", { method: "POST", body: { name } });
      if (await attempt(this, write)) {
        this.naming = undefined;
        await this.#data.reload();
      }
    };
    return html`<form class="naming" @submit=${save} @keydown=${(event: KeyboardEvent) => event.key === "Escape" && this.#name(undefined)}>
      <input class="input" name="name" required maxlength="100" autofocus aria-label=${say("folderName")} placeholder=${say("folderName")} .value=${shelf?.name ?? ""} />
      <button class="button compact primary">${say("save")}</button>
      <button class="button compact ghost" type="button" @click=${() => this.#name(undefined)}>${say("cancel")}</button>
    </form>`;
  }

  #name(folder: string | undefined): void {
    this.naming = folder;
    if (folder !== undefined) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".naming input")?.focus());
  }

  #flowActions(flow: FlowRow, shelf: Shelf, shelves: Shelf[], data: HomeData): MenuItem[] {
    const { pins } = data.home;
    const isPinned = pins.includes(flow.key);
    const pin = () => this.#keep(data, { pins: isPinned ? pins.filter((key) => key !== flow.key) : [...pins, flow.key] });
    const move = (step: -1 | 1) => this.#step(flow, shelf, shelves, data, step);
    const folders = data.folders.filter(({ id }) => id !== (flow.folder ?? "standalone"));
    return [
      { label: isPinned ? say("unpin") : say("pin"), run: pin },
      { label: say("earlier"), run: () => move(-1) },
      { label: say("later"), run: () => move(1) },
      ...(can(this.session, "write")
        ? folders.map(({ id, name }, index) => ({
            label: say("moveTo", { name }),
            divided: index === 0,
            run: () => this.#moveTo(flow, id),
          }))
        : []),
    ];
  }

  #folderActions({ id, name }: Shelf): MenuItem[] {
    const remove = async () => {
      if (await attempt(this, () => workspace(`folders/${at(id)}`, { method: "DELETE" }), say("folderDeleted", { name })))
        await this.#data.reload();
    };
    return [
      { label: say("renameFolder"), run: () => this.#name(id) },
      { label: say("deleteFolder"), tone: "danger", divided: true, run: () => void remove() },
    ];
  }

  /** Shows the change at once, and keeps it for the member. */
  #keep(data: HomeData, change: Partial<Home>): void {
    const home = { ...data.home, ...change };
    this.#data.set({ ...data, home });
    void attempt(this, () => workspace("home", { method: "PUT", body: home }));
  }

  async #moveTo({ key, folder }: FlowRow, to: string): Promise<void> {
    const target = to === "standalone" ? null : to;
    if (target === folder) return;
    await attempt(this, () => moveToFolder(key, target));
    await this.#data.reload();
  }

  #step(flow: FlowRow, shelf: Shelf, shelves: Shelf[], data: HomeData, step: -1 | 1): void {
    const index = shelf.flows.findIndex(({ key }) => key === flow.key);
    const before = step < 0 ? shelf.flows[index - 1]?.key : shelf.flows[index + 2]?.key;
    if ((step < 0 && index <= 0) || (step > 0 && index >= shelf.flows.length - 1)) return;
    this.#focusKey = flow.key;
    this.#keep(data, { order: moveFlow(shelves, flow.key, shelf.id, before) });
  }

  #press(event: KeyboardEvent, flow: FlowRow, shelf: Shelf, shelves: Shelf[], data: HomeData): void {
    if (!event.altKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    this.#step(flow, shelf, shelves, data, event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 1);
  }

  #dragStart(event: DragEvent, key: string): void {
    this.dragged = key;
    event.dataTransfer?.setData("text/plain", key);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  }

  readonly #dragEnd = (): void => {
    this.dragged = undefined;
    this.dropAt = undefined;
  };

  #dragOver(event: DragEvent, shelf: string, before: string | undefined): void {
    if (!this.dragged) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.dropAt?.shelf !== shelf || this.dropAt.before !== before) this.dropAt = { shelf, before };
  }

  #drop(event: DragEvent, shelves: Shelf[], data: HomeData): void {
    const { dragged, dropAt } = this;
    this.#dragEnd();
    if (!dragged || !dropAt) return;
    event.preventDefault();
    const flow = data.flows.find(({ key }) => key === dragged);
    if (!flow) return;
    const { pins } = data.home;
    const isPinned = dropAt.shelf === "pinned";
    const wanted = isPinned ? [...new Set([...pins, dragged])] : pins.filter((key) => key !== dragged);
    this.#keep(data, { order: moveFlow(shelves, dragged, dropAt.shelf, dropAt.before), pins: wanted });
    if (!isPinned && can(this.session, "write")) void this.#moveTo(flow, dropAt.shelf);
  }
}

/** Whether the pointer is in the second half of a tile, or in the lower one of a line: what is dropped there goes behind it. */
function isPast({ currentTarget, clientX, clientY }: DragEvent, isTiles: boolean): boolean {
  const { left, width, top, height } = (currentTarget as HTMLElement).getBoundingClientRect();
  return isTiles ? clientX > left + width / 2 : clientY > top + height / 2;
}

define("inlay-console-home", HomeViewElement);
