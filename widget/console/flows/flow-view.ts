import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import type { MenuItem } from "../../ui/menu.ts";
import "../../ui/menu.ts";
import { at } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, onFlow, type Session } from "../app/session.ts";
import { flowIcon } from "../ui/console-icons.ts";
import { bones, failure, tabs } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type FlowInfo, readFlow, setPublished } from "./flow-api.ts";
import { say } from "./words.ts";

const LOAD: Record<string, () => Promise<unknown>> = {
  definition: () => import("./flow-definition.ts"),
  versions: () => import("./flow-versions.ts"),
  integrations: () => import("../integrations/integration-list.ts"),
  runs: () => import("../runs/run-list.ts"),
  docs: () => import("./flow-docs.ts"),
  files: () => import("./flow-attachments.ts"),
};

/** One flow: its definition, versions, integrations and runs. */
export class FlowViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() flow = "";
  @property() tab = "definition";
  @state() private dialog: "delete" | "clone" | undefined;
  readonly #info = new ResourceController<FlowInfo>(this, { key: () => [this.flow], load: (signal) => readFlow(this.flow, signal) });

  constructor() {
    super();
    // A flow that is being deleted is not read again: the stream tells of it before its answer comes.
    const again = () => this.dialog !== "delete" && this.#info.reload();
    new PulseController(this, again, { of: ["flow", "integration", "attachment", "run"], least: 3_000 });
    this.addEventListener("flow-changed", () => void this.#info.reload());
  }

  /** The member's rights on this flow, which may be more than in the workspace. */
  get #own(): Session {
    return onFlow(this.session, this.flow);
  }

  override updated(): void {
    void LOAD[this.tab]?.();
  }

  override render(): TemplateResult {
    const { state } = this.#info;
    const info = state.value?.key === this.flow ? state.value : undefined;
    if (!info && state.status === "failed") {
      if (state.error.status !== 404) return failure(state.error, () => this.#info.reload());
      const action = html`<a class="button" href=${hrefOf("/flows")}>${say("title")}</a>`;
      return empty({ icon: flowIcon, title: say("flowMissing"), text: this.flow, action });
    }
    return html`
      <header class="head">
        <h1>
          <a class="way" href=${hrefOf("/flows")}>${say("title")}</a>
          ${info ? html`${appIcon(info)} <span class="name" title=${info.name}>${info.name}</span>` : this.flow}
          ${info ? (info.version === null ? badge("neutral", say("draft")) : badge("success", say("version", { number: info.version }))) : nothing}
          ${info && info.audience !== "everyone" ? badge("neutral", say(info.audience)) : nothing}
        </h1>
        <span class="gap"></span>
        <span id="actions"></span>
        ${info ? html`<inlay-menu label=${say("actions", { name: info.name })} .items=${this.#actions(info)}></inlay-menu>` : nothing}
      </header>
      ${tabs(say("parts"), this.tab, [
        { name: "definition", label: say("definition"), href: hrefOf(`/flows/${at(this.flow)}`) },
        { name: "versions", label: say("versions"), href: hrefOf(`/flows/${at(this.flow)}/versions`), count: info?.versions },
        { name: "integrations", label: say("deployed"), href: hrefOf(`/flows/${at(this.flow)}/integrations`), count: info?.integrations },
        { name: "runs", label: say("runs"), href: hrefOf(`/flows/${at(this.flow)}/runs`) },
        { name: "docs", label: say("docs"), href: hrefOf(`/flows/${at(this.flow)}/docs`) },
        { name: "files", label: say("attachments"), href: hrefOf(`/flows/${at(this.flow)}/files`) },
        { name: "errors", label: say("errors"), href: hrefOf("/errors", { flow: this.flow }), count: info?.openErrors || undefined },
      ])}
      ${info ? this.#renderTab(info) : bones()}
      ${this.#renderDialog(info)}
    `;
  }

  #renderTab(info: FlowInfo): TemplateResult {
    switch (this.tab) {
      case "definition":
        return html`<inlay-console-flow-definition .session=${this.#own} .info=${info} .flow=${this.flow}></inlay-console-flow-definition>`;
      case "versions":
        return html`<inlay-console-flow-versions .session=${this.#own} .info=${info} .query=${this.query}></inlay-console-flow-versions>`;
      case "integrations":
        return html`<inlay-console-integration-list .session=${this.#own} .query=${this.query} .flow=${info}></inlay-console-integration-list>`;
      case "runs":
        return html`<inlay-console-run-list .session=${this.#own} .query=${this.query} .only=${{ flow: this.flow }}></inlay-console-run-list>`;
      case "docs":
        return html`<inlay-console-flow-docs .session=${this.#own} .info=${info}></inlay-console-flow-docs>`;
      case "files":
        return html`<inlay-console-flow-attachments .session=${this.#own} .info=${info}></inlay-console-flow-attachments>`;
      default:
        return empty({ icon: flowIcon, title: say("flowMissing") });
    }
  }

  #renderDialog(info: FlowInfo | undefined): TemplateResult | typeof nothing {
    if (!info || !this.dialog) return nothing;
    const close = () => {
      this.dialog = undefined;
    };
    if (this.dialog === "delete") return html`<inlay-console-delete-flow .info=${info} @delete-close=${close}></inlay-console-delete-flow>`;
    return html`<inlay-console-clone-flow .info=${info} @clone-close=${close}></inlay-console-clone-flow>`;
  }

  #actions(info: FlowInfo): MenuItem[] {
    const items: MenuItem[] = [
      { label: say("download"), run: () => window.open(`/v1/workspace/flows/${at(info.key)}/file?download`, "_self") },
    ];
    if (!can(this.#own, "write")) return items;
    if (info.version !== null) items.push({ label: say("withdraw"), run: () => this.#withdraw(info) });
    items.push({ label: say("fork"), run: () => this.#fork(info) });
    items.push({ label: `${say("clone")}…`, run: () => this.#clone() });
    items.push({ label: say("saveTemplate"), run: () => this.#saveTemplate(info) });
    items.push({ label: say("remove"), tone: "danger", divided: true, run: () => this.#delete() });
    return items;
  }

  async #withdraw({ key, name, version }: FlowInfo): Promise<void> {
    const change = async (published: number | null) => {
      await setPublished(key, published);
      await this.#info.reload();
    };
    await attempt(
      this,
      () => change(null),
      say("withdrawn", { name }),
      () => change(version),
    );
  }

  async #fork(info: FlowInfo): Promise<void> {
    const { forkFlow } = await import("./flow-actions.ts");
    await forkFlow(this, info);
  }

  async #saveTemplate(info: FlowInfo): Promise<void> {
    const { saveTemplate } = await import("./flow-actions.ts");
    await saveTemplate(this, info);
  }

  async #clone(): Promise<void> {
    await import("./clone-flow.ts");
    this.dialog = "clone";
  }

  async #delete(): Promise<void> {
    await import("./delete-flow.ts");
    this.dialog = "delete";
  }
}

define("inlay-console-flow", FlowViewElement);
