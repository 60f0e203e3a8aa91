import { css, html, nothing, type TemplateResult } from "lit";
import type { FlowDetail, FormField } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import "../fields/field.ts";
import { FIELD_PARTS } from "../fields/field-parts.ts";
import { describeAttention } from "../i18n/describe-attention.ts";
import type { I18n } from "../i18n/i18n.ts";
import { callout } from "../ui/callout.ts";
import { checkIcon, clockIcon } from "../ui/icons.ts";
import type { SetupMode } from "./setup-machine.ts";

export interface SetupDone {
  flow: FlowDetail;
  integration: Integration;
  mode: SetupMode;
  onClose: () => void;
}

/** What was set up and what happens next: when it runs, where to send events to. A host may put its own in the slot `done`. */
export const setupDone = (i18n: I18n, { integration, mode, onClose }: SetupDone): TemplateResult => {
  const { msg } = i18n;
  const { name, blocks, attention = [] } = integration;
  const urls = blocks.filter((block) => block.trigger.type === "webhook" && block.url !== undefined);
  const next = blocks.flatMap((block) => block.nextRunAt ?? []).sort()[0];
  return html`<div class="finish" part="done">
    <span class="finish-mark" aria-hidden="true">${checkIcon}</span>
    <h2 class="finish-title" tabindex="-1" data-page-title>${msg(titleOf(integration, mode), { name })}</h2>
    ${integration.status === "enabled" ? html`<p class="muted">${msg("setup.doneText")}</p>` : nothing}
    ${attention.map((one) => callout({ tone: "warning", text: describeAttention(i18n, one, integration) }))}
    ${next ? html`<p class="finish-next">${clockIcon}<span>${msg("setup.doneNextRun", { when: i18n.relative(next) })}</span></p>` : nothing}
    ${
      urls.length > 0
        ? html`<div class="finish-urls">
            ${urls.map(
              ({ key, name: block, url }) =>
                html`<inlay-field exportparts=${FIELD_PARTS} .field=${copyField(key, block, msg("setup.doneUrl"))} .text=${url ?? ""}></inlay-field>`,
            )}
          </div>`
        : nothing
    }
    <slot name="done"></slot>
    <button class="button primary" part="button-primary" type="button" @click=${onClose}>${msg("setup.doneSee")}</button>
  </div>`;
};

const copyField = (key: string, label: string, help: string): FormField => ({
  key,
  label,
  help,
  type: "copy",
  required: false,
  secret: false,
});

function titleOf({ status }: Integration, mode: SetupMode) {
  if (status === "needs_attention") return "setup.doneAttention";
  if (mode !== "create") return "integrations.upgraded";
  return status === "enabled" ? "setup.doneCreated" : "setup.doneOff";
}

/** For {@link setupDone}. */
export const setupDoneStyles = css`
  .finish {
    display: grid;
    justify-items: center;
    gap: calc(var(--_space) * 3);
    max-inline-size: 520px;
    margin-inline: auto;
    padding-block: calc(var(--_space) * 10) calc(var(--_space) * 6);
    text-align: center;
  }

  .finish-mark {
    display: grid;
    place-items: center;
    inline-size: 48px;
    block-size: 48px;
    border-radius: 50%;
    background: var(--_success-soft);
    color: var(--_success);
    animation: finish-in calc(var(--_duration) * 2) cubic-bezier(0.2, 1.3, 0.4, 1);
  }

  .finish-mark .icon {
    inline-size: 24px;
    block-size: 24px;
  }

  .finish-title {
    font-size: var(--_size-xl);
    overflow-wrap: anywhere;
  }

  .finish-next {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .finish-urls {
    display: grid;
    gap: calc(var(--_space) * 4);
    inline-size: 100%;
    padding: calc(var(--_space) * 4);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    text-align: start;
  }

  .finish .callout {
    inline-size: 100%;
    text-align: start;
  }

  .finish .button {
    margin-block-start: calc(var(--_space) * 3);
  }

  @keyframes finish-in {
    from {
      opacity: 0;
      scale: 0.6;
    }
  }
`;
