import { html, nothing, type TemplateResult } from "lit";
import type { I18n } from "../i18n/i18n.ts";
import type { DraftStatus } from "./draft-sync.ts";
import { shownPages } from "./form-values.ts";
import type { SetupState } from "./setup-machine.ts";

export interface SetupFooter {
  state: SetupState;
  draftStatus: DraftStatus;
  /** Going on waits for the edge. */
  isSettling: boolean;
  isReadonly: boolean;
  /** What came by itself; above the buttons, and always in sight. */
  notice: TemplateResult | typeof nothing;
  /** Undefined: there is nothing to preview. */
  onPreview?: (() => void) | undefined;
  onBack: () => void;
  onContinue: () => void;
  onSave: () => void;
}

/** Back, how far the draft is kept, and on: to the next page, or to the end. */
export function setupFooter(
  i18n: I18n,
  { state, draftStatus, isSettling, isReadonly, notice, onPreview, onBack, onContinue, onSave }: SetupFooter,
): TemplateResult {
  const { msg } = i18n;
  const pages = shownPages(state);
  const at = pages.findIndex((page) => page.key === state.page);
  const isLast = at === pages.length - 1 || state.isPreviewing;
  const isSaving = state.phase === "saving";
  const busy = isSaving || isSettling ? "true" : "false";
  const kept = { idle: "", waiting: "", saving: msg("setup.saving"), saved: msg("setup.saved"), unsaved: msg("setup.unsaved") }[
    draftStatus
  ];
  const finish = msg(({ create: "setup.finish", upgrade: "setup.upgrade", edit: "setup.save" } as const)[state.mode]);
  const back = html`<button class="button" part="button" type="button" ?disabled=${isSaving} @click=${onBack}>${msg(state.isPreviewing ? "setup.previewBack" : "setup.back")}</button>`;
  const preview = html`<button class="button" part="button" type="button" ?disabled=${isSaving || isSettling} @click=${onPreview}>${msg("setup.preview")}</button>`;
  const saveHere = html`<button class="button" part="button" type="button" aria-busy=${busy} ?disabled=${isReadonly} @click=${onSave}>${finish}</button>`;
  return html`<footer part="footer">
      ${notice}
      <div class="buttons">
        ${at > 0 || state.isPreviewing ? back : nothing}
        <span class=${draftStatus === "unsaved" ? "kept unsaved" : "kept"} role="status">${kept}</span>
        ${!isLast && state.mode === "edit" ? saveHere : nothing} ${isLast && !state.isPreviewing && onPreview ? preview : nothing}
        <button
          class="button primary"
          part="button-primary"
          type="button"
          aria-busy=${busy}
          ?disabled=${isReadonly && isLast}
          @click=${isLast ? onSave : onContinue}
        >
          ${isLast ? finish : msg("setup.continue")}
        </button>
      </div>
    </footer>
    <span></span>`;
}
