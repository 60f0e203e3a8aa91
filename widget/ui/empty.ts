import { css, html, nothing, type TemplateResult } from "lit";

export interface Empty {
  icon: TemplateResult;
  title: string;
  text?: string | undefined;
  action?: TemplateResult | typeof nothing | undefined;
}

/** What stands where a list has nothing to show: why, and what to do. */
export const empty = ({ icon, title, text, action }: Empty): TemplateResult => html`
  <div class="empty" part="empty">
    <span class="empty-icon">${icon}</span>
    <h3>${title}</h3>
    ${text ? html`<p class="muted">${text}</p>` : nothing} ${action ?? nothing}
  </div>
`;

/** For {@link empty}; needs `base`. */
export const emptyStyles = css`
  .empty {
    display: grid;
    justify-items: center;
    gap: calc(var(--_space) * 2);
    padding: calc(var(--_space) * 12) calc(var(--_space) * 4);
    text-align: center;
  }

  .empty p {
    max-inline-size: 42ch;
    text-wrap: pretty;
  }

  .empty .button {
    margin-block-start: calc(var(--_space) * 2);
  }

  .empty-icon {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    margin-block-end: var(--_space);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    color: var(--_muted);
  }
`;
