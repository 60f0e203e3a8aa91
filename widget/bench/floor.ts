// The least that shows the same cards: one Lit element, one request, one list. What the marketplace costs is measured against it.
import { css, html, LitElement } from "lit";
import type { FlowSummary } from "../../shared/api/flow.ts";

/** A bare list of flows: icons, category, name, description. */
class FloorElement extends LitElement {
  static override properties = { flows: { state: true } };
  static override styles = css`
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
      gap: 12px;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      padding: 16px;
      border: 1px solid #ddd;
      border-radius: 8px;
    }

    img {
      inline-size: 24px;
      block-size: 24px;
    }

    p {
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
  `;

  declare flows: FlowSummary[];

  constructor() {
    super();
    this.flows = [];
  }

  override async firstUpdated(): Promise<void> {
    const answer = await fetch("/v1/flows?limit=100", { headers: { authorization: "Bearer x" } });
    this.flows = ((await answer.json()) as { items: FlowSummary[] }).items;
  }

  override render() {
    return html`<ul>
      ${this.flows.map(
        ({ name, description, category, apps }) =>
          html`<li class="card">
            ${apps.map(({ icon, name: app }) => html`<img src=${icon ?? ""} alt=${app} loading="lazy" />`)}
            <small>${category}</small>
            <h4><button type="button">${name}</button></h4>
            <p>${description}</p>
          </li>`,
      )}
    </ul>`;
  }
}
customElements.define("bench-floor", FloorElement);
