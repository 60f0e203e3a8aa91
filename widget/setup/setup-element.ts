import { html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { HostElement } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import type { I18n } from "../i18n/i18n.ts";
import { plugIcon } from "../ui/basic-icons.ts";
import { empty, emptyStyles } from "../ui/empty.ts";

/**
 * `<inlay-setup flow="KEY" integration="int_…">`: one flow's setup form, to create, or to edit where `integration` is given.
 *
 * @attr flow - the flow's key
 * @attr integration - an integration of it, to edit
 * @slot done - more on the last screen
 * @csspart setup - the form
 * @csspart page-title - the title of its page
 */
export class SetupElement extends HostElement {
  static override styles = [...HostElement.styles, emptyStyles];

  @property({ reflect: true }) flow = "";
  @property({ reflect: true }) integration = "";
  @state() private isClosed = false;
  /** Values for this opening, over the host's `prefill`. */
  @state() private opening: Record<string, unknown> = {};

  override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (this.i18n && !this.flow) this.fire("inlay-ready", { view: "setup" });
  }

  /** Opens the form of `flow`, or of an `integration` of it; `prefill` wins over the property of that name. */
  open(flow: string, { integration = "", prefill = {} }: { integration?: string; prefill?: Record<string, unknown> } = {}): void {
    if (!this.fire("inlay-before-open", { flow })) return;
    this.flow = flow;
    this.integration = integration;
    this.opening = prefill;
    this.isClosed = false;
  }

  /** Takes the form away; what was entered is kept as a draft. */
  close(): void {
    this.isClosed = true;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has("flow") || (changed.has("integration") && this.integration)) this.isClosed = false;
    this.bring(importFrame);
  }

  protected override renderContent(i18n: I18n): TemplateResult {
    if (!this.flow && !this.isClosed)
      return empty({ icon: plugIcon, title: i18n.msg("setup.noFlowTitle"), text: i18n.msg("setup.noFlowText", { attribute: "flow" }) });
    if (this.isClosed || !this.apiProvider.value) return html``;
    return this.brought(
      importFrame,
      i18n,
      () => html`<inlay-setup-frame
      exportparts=${PARTS}
      flow=${this.flow}
      integration=${this.integration}
      .prefill=${this.opening}
      @setup-done=${() => this.close()}
      @setup-closed=${() => this.close()}
      ><slot name="done" slot="done"></slot
    ></inlay-setup-frame>`,
    );
  }
}

const importFrame = () => import("../marketplace/setup-frame.ts");
