import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import type { Session } from "../app/session.ts";
import { viewStyles } from "../ui/view-styles.ts";
import "./run-list.ts";
import { say } from "./words.ts";

/** All runs of the workspace. */
export class RunsViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();

  override render(): TemplateResult {
    return html`
      <header class="head"><h1>${say("title")}</h1></header>
      <inlay-console-run-list .session=${this.session} .query=${this.query}></inlay-console-run-list>
    `;
  }
}

define("inlay-console-runs", RunsViewElement);
