import { css, html, type TemplateResult } from "lit";

export interface Switch {
  checked: boolean;
  /** Read out; the visible words stand beside it. */
  label: string;
  busy?: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** An on/off switch. It shows what is so: the caller changes `checked` once the change holds. */
export const switchButton = ({ checked, label, busy = false, disabled = false, onChange }: Switch): TemplateResult => html`
  <button
    class="switch"
    part="switch"
    type="button"
    role="switch"
    aria-checked=${checked ? "true" : "false"}
    aria-label=${label}
    aria-busy=${busy ? "true" : "false"}
    ?disabled=${disabled}
    @click=${() => busy || onChange(!checked)}
  ></button>
`;

/** For {@link switchButton}; needs `base`. */
export const switchStyles = css`
  .switch {
    position: relative;
    inline-size: 36px;
    block-size: 24px;
    flex: none;
    padding: 0;
    border: 0;
    border-radius: 99px;
    background: transparent;
    cursor: pointer;
  }

  .switch::before {
    content: "";
    position: absolute;
    inset: 2px 0;
    border-radius: 99px;
    background: var(--_track);
    transition: background-color var(--_duration);
  }

  .switch::after {
    content: "";
    position: absolute;
    inset-block-start: 4px;
    inset-inline-start: 2px;
    inline-size: 16px;
    block-size: 16px;
    border-radius: 50%;
    background: #fff;
    box-shadow: 0 1px 2px rgb(0 0 0 / 25%);
    transition: translate var(--_duration);
  }

  .switch[aria-checked="true"]::before {
    background: var(--_accent);
  }

  .switch[aria-checked="true"]::after {
    translate: 16px 0;
  }

  .switch[aria-checked="true"]:dir(rtl)::after {
    translate: -16px 0;
  }

  .switch[aria-busy="true"] {
    cursor: progress;
    opacity: 0.6;
  }

  .switch:disabled {
    cursor: default;
    opacity: 0.5;
  }

  @media (forced-colors: active) {
    .switch::before {
      border: 1px solid ButtonText;
    }

    .switch[aria-checked="true"]::before {
      background: Highlight;
    }

    .switch::after {
      background: ButtonText;
    }
  }
`;
