import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import type { Session } from "../app/session.ts";
import { viewStyles } from "../ui/view-styles.ts";

export class HomeViewElement extends LitElement {
  static override styles = viewStyles;
  @property({ attribute: false }) session!: Session;
  override render(): TemplateResult {
    return html`<header class="head"><h1>Home</h1></header>`;
  }
}
define("inlay-console-home", HomeViewElement);
