import { css, html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { backIcon, checkIcon } from "../../ui/icons.ts";
import { at } from "../app/api.ts";
import { go, hrefOf } from "../app/place.ts";
import type { Session } from "../app/session.ts";
import "../editor/merge-view.ts";
import { bones, choice, failure } from "../ui/parts.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type FlowInfo, type FlowVersion, readVersionText } from "./flow-api.ts";
import { say } from "./words.ts";

/** Two versions of a flow, or one and the draft, beside each other. */
export class CompareViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      inlay-console-merge-view {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) info!: FlowInfo;
  @property({ attribute: false }) versions: FlowVersion[] = [];
  @property() from = "";
  @property() to = "draft";
  @state() private layout: "side" | "unified" = matchMedia("(max-width: 900px)").matches ? "unified" : "side";
  readonly #texts = new ResourceController<[string, string]>(this, {
    key: () => [this.info.key, this.from, this.to],
    load: (signal) => Promise.all([readVersionText(this.info.key, this.from, signal), readVersionText(this.info.key, this.to, signal)]),
  });

  override render(): TemplateResult {
    const { state } = this.#texts;
    const names = [
      ["draft", say("theDraft")] as const,
      ...this.versions.map(({ version }) => [String(version), say("version", { number: version })] as const),
    ];
    const nameOf = (key: string) => names.find(([name]) => name === key)?.[1] ?? key;
    return html`
      <div class="bar">
        <a class="button ghost compact" href=${hrefOf(`/flows/${at(this.info.key)}/versions`)}>${backIcon} ${say("versions")}</a>
        ${choice("from", say("compare"), this.from, names, (from) => this.#go(from, this.to))}
        <span class="muted">→</span>
        ${choice("to", say("compareWith"), this.to, names, (to) => this.#go(this.from, to))}
        <span class="gap"></span>
        <button class="button compact" type="button" @click=${this.#turn}>${this.layout === "side" ? say("unified") : say("side")}</button>
      </div>
      ${
        state.value
          ? state.value[0] === state.value[1]
            ? empty({ icon: checkIcon, title: say("same") })
            : html`<inlay-console-merge-view .layout=${this.layout} .left=${state.value[0]} .right=${state.value[1]} left-label=${nameOf(this.from)} right-label=${nameOf(this.to)}></inlay-console-merge-view>`
          : state.status === "failed"
            ? failure(state.error, () => this.#texts.reload())
            : bones()
      }
    `;
  }

  #go(compare: string, other: string): void {
    go(hrefOf(`/flows/${at(this.info.key)}/versions`, { compare, with: other }), { replace: true });
  }

  readonly #turn = (): void => {
    this.layout = this.layout === "side" ? "unified" : "side";
  };
}

define("inlay-console-compare", CompareViewElement);
