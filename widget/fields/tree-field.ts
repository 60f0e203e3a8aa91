import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { Option } from "../../shared/api/flow.ts";
import { define } from "../define.ts";
import { dirOf } from "../ui/control.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { checkIcon, folderIcon, forwardIcon, searchIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { OptionsController } from "./options-controller.ts";
import { optionsNotice, optionsNoticeStyles } from "./options-notice.ts";
import { growTree, idsOfParents, layTree, namesTo, pathTo, sieveTree, type TreeNode, type TreeRow } from "./tree-nodes.ts";

/** A tree of no more places than this is looked through at a glance. */
const FEW = 10;

/** One place in a tree, such as a folder. Options name their parent by `group`. */
export class TreeFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    ...optionsNoticeStyles,
    skeletonStyles,
    css`
      .tree {
        max-block-size: 320px;
        padding: var(--_space);
        overflow: auto;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
        background: var(--_surface);
      }

      .waiting {
        display: grid;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 3);
      }

      .blank {
        padding: calc(var(--_space) * 2) calc(var(--_space) * 2.5);
      }

      .row {
        display: flex;
        align-items: center;
        gap: var(--_space);
        min-block-size: 30px;
        padding-inline: var(--_space) calc(var(--_space) * 2);
        border-radius: var(--_radius-s);
        cursor: pointer;
      }

      .row:hover {
        background: var(--_sunken);
      }

      .row:focus-visible {
        outline-offset: -2px;
      }

      .row[aria-selected="true"] {
        background: var(--_accent-soft);
        font-weight: 500;
      }

      .row > .name {
        flex: 1;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }

      .turn {
        display: grid;
        place-items: center;
        inline-size: 24px;
        block-size: 24px;
        flex: none;
        color: var(--_muted);
        transition: rotate var(--_duration);
      }

      .row[aria-expanded="true"] > .turn {
        rotate: 90deg;
      }

      .kind {
        flex: none;
        color: var(--_muted);
      }

      .row[aria-selected="true"] .kind {
        color: var(--_accent-text);
      }

      .find {
        position: relative;
        padding: var(--_space);
        border-block-end: 1px solid var(--_border);
        margin-block-end: var(--_space);
      }

      .find .control {
        padding-inline-start: calc(var(--_space) * 8);
      }

      .find .icon {
        position: absolute;
        inset-block: 0;
        inset-inline-start: calc(var(--_space) * 3.5);
        margin-block: auto;
        color: var(--_muted);
        pointer-events: none;
      }

      .chosen {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--_space);
        color: var(--_muted);
        font-size: var(--_size-s);
      }

      .indent {
        inline-size: calc(var(--_space) * 5);
        flex: none;
      }
    `,
  ];

  readonly #options = new OptionsController(this, () => ({ origin: this.field.options, field: this.path || this.field.key, whole: true }));
  @state() private open: ReadonlySet<string> = new Set();
  @state() private active = "0";
  @state() private search = "";
  #grown: { from: readonly Option[]; nodes: TreeNode[] } = { from: [], nodes: [] };

  override render(): TemplateResult {
    const options = this.#options;
    this.#grow();
    const shell = { ...this.shell, group: true };
    const rows = this.#rows;
    const active = rows.some((row) => row.id === this.active) ? this.active : rows[0]?.id;
    return fieldShell(
      shell,
      html`<div class="tree" part="tree">
        ${options.items.length > FEW ? this.#renderSearch() : nothing}
        ${
          rows.length > 0
            ? html`<div role="tree" aria-labelledby="label" aria-describedby=${describedBy(shell)} aria-required=${this.required ? "true" : nothing} @keydown=${this.#key}>
                ${rows.map((row) => this.#renderRow(row, row.id === active))}
              </div>`
            : this.#renderNothing()
        }
        ${rows.length > 0 ? optionsNotice(this.i18n, options) : nothing}
      </div>
      ${this.#renderChosen()}`,
    );
  }

  #renderSearch(): TemplateResult {
    const label = this.i18n.msg("field.tree.search");
    return html`<div class="find">
      ${searchIcon}
      <input
        class="control"
        type="search"
        dir=${dirOf(this.search)}
        autocomplete="off"
        placeholder=${label}
        aria-label=${label}
        .value=${this.search}
        @input=${(event: InputEvent) => {
          this.search = (event.target as HTMLInputElement).value;
        }}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && event.preventDefault()}
      />
    </div>`;
  }

  /** Where the chosen place is, which may be scrolled or folded away. */
  #renderChosen(): TemplateResult | typeof nothing {
    const names = namesTo(this.#grown.nodes, this.value);
    if (!names || names.length < 2) return nothing;
    return html`<p class="chosen">${names.map((name, index) => html`${index > 0 ? forwardIcon : nothing}<bdi>${name}</bdi>`)}</p>`;
  }

  /** What is in sight: everything that a search finds, else what is open. */
  get #rows(): TreeRow[] {
    const { nodes } = this.#grown;
    if (!this.search.trim()) return layTree(nodes, this.open);
    const found = sieveTree(nodes, this.search);
    return layTree(found, new Set(idsOfParents(found)));
  }

  #renderNothing(): TemplateResult {
    const options = this.#options;
    if (options.isBusy) return html`<div class="waiting" aria-busy="true">${bone("half")}${bone("short")}${bone("half")}</div>`;
    if (options.missing || options.error !== undefined) return html`<div class="blank">${optionsNotice(this.i18n, options)}</div>`;
    return html`<p class="blank muted" role="status">${this.i18n.msg(this.search.trim() ? "field.noMatch" : "field.empty")}</p>`;
  }

  #renderRow({ id, node, level }: TreeRow, isActive: boolean): TemplateResult {
    const hasChildren = node.children.length > 0;
    const isChosen = node.value !== undefined && node.value === this.value;
    return html`<div
      class="row"
      role="treeitem"
      data-id=${id}
      tabindex=${isActive && !this.disabled ? 0 : -1}
      aria-level=${level}
      aria-selected=${isChosen ? "true" : "false"}
      aria-expanded=${hasChildren ? (this.open.has(id) ? "true" : "false") : nothing}
      aria-disabled=${this.disabled ? "true" : nothing}
      @click=${() => this.#choose(id, node)}
    >
      ${Array.from({ length: level - 1 }, () => html`<span class="indent"></span>`)}
      <span class="turn" @click=${(event: Event) => this.#turn(event, id, hasChildren)}>${hasChildren ? forwardIcon : nothing}</span>
      <span class="kind">${this.field.type === "folder" || hasChildren ? folderIcon : nothing}</span>
      <span class="name"><bdi>${node.label}</bdi></span>
      ${isChosen ? checkIcon : nothing}
    </div>`;
  }

  /** The tree of the options; what leads to the value is open when it first appears. */
  #grow(): void {
    const { items } = this.#options;
    if (this.#grown.from === items) return;
    this.#grown = { from: items, nodes: growTree(items) };
    const path = pathTo(this.#grown.nodes, this.value);
    this.open = new Set(path ?? (this.#grown.nodes.length === 1 ? ["0"] : []));
  }

  #turn(event: Event, id: string, hasChildren: boolean): void {
    if (!hasChildren) return;
    event.stopPropagation();
    this.#setOpen(id, !this.open.has(id));
  }

  /** While a search is on, everything that it finds is in sight. */
  #setOpen(id: string, isOpen: boolean): void {
    if (this.search.trim()) return;
    const open = new Set(this.open);
    if (isOpen) open.add(id);
    else open.delete(id);
    this.open = open;
  }

  #choose(id: string, node: TreeNode): void {
    if (this.disabled) return;
    this.active = id;
    if (node.value === undefined) this.#setOpen(id, !this.open.has(id));
    else this.send(node.value === this.value && !this.required ? null : node.value, true);
  }

  #key = (event: KeyboardEvent) => {
    const rows = this.#rows;
    const at = Math.max(
      0,
      rows.findIndex((row) => row.id === this.active),
    );
    const row = rows[at];
    if (!row) return;
    const isRtl = getComputedStyle(this).direction === "rtl";
    const key = isRtl ? ({ ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key) : event.key;
    const isOpen = this.open.has(row.id);
    if (key === "Enter" || key === " ") this.#choose(row.id, row.node);
    else if (key === "ArrowRight" && row.node.children.length > 0 && !isOpen) this.#setOpen(row.id, true);
    else if (key === "ArrowLeft" && isOpen) this.#setOpen(row.id, false);
    else {
      const next = {
        ArrowDown: rows[at + 1]?.id,
        ArrowUp: rows[at - 1]?.id,
        Home: rows[0]?.id,
        End: rows.at(-1)?.id,
        ArrowLeft: row.parent,
        ArrowRight: isOpen ? rows[at + 1]?.id : undefined,
      }[key];
      if (next === undefined) return;
      void this.#moveTo(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  async #moveTo(id: string): Promise<void> {
    this.active = id;
    await this.updateComplete;
    this.focus();
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>(".row[tabindex='0'], .blank button")?.focus(options);
  }
}

define("inlay-tree-field", TreeFieldElement);
