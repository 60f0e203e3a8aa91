import { css, html, type TemplateResult } from "lit";
import type { FormPage } from "../../shared/api/flow.ts";
import type { I18n } from "../i18n/i18n.ts";
import { checkIcon } from "../ui/icons.ts";

export interface Steps {
  pages: readonly FormPage[];
  /** Key of the page shown. */
  page: string;
  /** Keys of the pages that can be gone to. */
  seen: readonly string[];
  /** Keys of pages with a fault. */
  faulty: ReadonlySet<string>;
  disabled: boolean;
  onGo: (page: string) => void;
}

/** Whether all titles have room side by side, reckoned in letters (of CJK, two each) and marks of ten; else only the current one has its title. */
const haveRoom = (pages: readonly FormPage[]): boolean =>
  pages.reduce((sum, { title }) => sum + 10 + title.replace(/[\u2e80-\uffef]/g, "$&$&").length, 0) < 100;

/** Where the user is among the pages: titles where there is room, a bar and "Step 2 of 3" where there is not. */
export const steps = (i18n: I18n, { pages, page, seen, faulty, disabled, onGo }: Steps): TemplateResult => {
  const at = pages.findIndex((one) => one.key === page);
  const classes = (key: string, index: number) =>
    ["step", index === at && "now", index < at && "done", faulty.has(key) && "faulty"].filter(Boolean).join(" ");
  return html`<nav class=${haveRoom(pages) ? "steps" : "steps many"} part="steps" aria-label=${i18n.msg("runs.steps")}>
    <p class="compact-steps" aria-hidden="true">${i18n.msg("setup.step", { number: at + 1, total: pages.length })}</p>
    <ol>
      ${pages.map(
        ({ key, title }, index) => html`<li class=${classes(key, index)}>
          <button
            type="button"
            part="step"
            title=${title}
            aria-current=${index === at ? "step" : "false"}
            ?disabled=${disabled || (!seen.includes(key) && index !== at)}
            @click=${() => onGo(key)}
          >
            <span class="mark" aria-hidden="true">${index < at && !faulty.has(key) ? checkIcon : i18n.number(index + 1)}</span>
            <span class="title" dir="auto">${title}</span>
          </button>
        </li>`,
      )}
    </ol>
  </nav>`;
};

/** For {@link steps}; needs `base`. */
export const stepsStyles = css`
  .steps ol {
    display: flex;
    gap: calc(var(--_space) * 1.5);
  }

  .step {
    display: flex;
    flex: 0 1 auto;
    align-items: center;
    gap: calc(var(--_space) * 1.5);
    min-inline-size: 0;
  }

  .step:not(:first-child)::before {
    content: "";
    inline-size: clamp(6px, 2.4cqi, 24px);
    flex: none;
    border-block-start: 1px solid var(--_border-strong);
  }

  .step button {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    min-inline-size: 0;
    min-block-size: 28px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_muted);
    font-size: var(--_size-s);
    text-align: start;
    cursor: pointer;
  }

  .step button:disabled {
    cursor: default;
  }

  .step button:not(:disabled):hover .title {
    color: var(--_text);
  }

  .step .title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .mark {
    display: grid;
    place-items: center;
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    border: 1px solid var(--_border-strong);
    border-radius: 50%;
    background: var(--_surface);
    font-size: var(--_size-xs);
    font-variant-numeric: tabular-nums;
    line-height: 1;
    transition:
      background-color var(--_duration),
      color var(--_duration);
  }

  .mark .icon {
    inline-size: 12px;
    block-size: 12px;
    stroke-width: 2;
  }

  .step.now button {
    color: var(--_text);
    font-weight: 500;
  }

  .step.now .mark {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .step.done .mark {
    border-color: transparent;
    background: var(--_accent-soft);
    color: var(--_accent-text);
  }

  .step.faulty .mark {
    border-color: var(--_danger);
    background: var(--_danger-soft);
    color: var(--_danger);
  }

  .many .step:not(.now) .title {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  .compact-steps {
    display: none;
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  @container (inline-size < 560px) {
    .compact-steps {
      display: block;
      margin-block-end: calc(var(--_space) * 1.5);
    }

    .steps ol {
      gap: var(--_space);
    }

    .step {
      flex: 1 1 0;
    }

    .step::before {
      display: none;
    }

    .step button {
      position: relative;
      inline-size: 100%;
      min-block-size: 24px;
    }

    .step button::before {
      content: "";
      inline-size: 100%;
      block-size: 4px;
      border-radius: 2px;
      background: var(--_border);
    }

    .step.now button::before,
    .step.done button::before {
      background: var(--_accent);
    }

    .step.faulty button::before {
      background: var(--_danger);
    }

    .step .mark {
      display: none;
    }

    .step .title {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }

  @media (forced-colors: active) {
    .step.now .mark {
      outline: 2px solid Highlight;
    }

    .step button::before {
      border: 1px solid CanvasText;
    }

    .step.now button::before {
      background: Highlight;
    }
  }
`;
