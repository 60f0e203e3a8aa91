import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { FlowDetail, FormField } from "../../shared/api/flow.ts";
import type { Preview } from "../../shared/api/preview.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { ApiError } from "../api/api-error.ts";
import { ResourceController } from "../api/resource.ts";
import { i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { type FieldScope, fieldScopeContext } from "../fields/field-scope.ts";
import { faultWords } from "../fields/field-words.ts";
import { readPairs } from "../fields/mapping-rows.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { describeRefused } from "../i18n/describe-refusal.ts";
import type { Told } from "../i18n/describe-why.ts";
import "../i18n/setup/words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { blockWords, tellingBlocks, triggerIcon } from "../marketplace/block-words.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { cellText, type Labels, layTables, type PreviewTable } from "./preview-table.ts";
import { toFault } from "./setup-machine.ts";
import { setupPreviewStyles } from "./setup-preview-styles.ts";

/**
 * A dry run of the form as filled in: what each block would work on, as it would be sent, and what has to be mended first.
 *
 * @fires preview-fix - `{field}`: the key of the field, or of the account slot, to go to
 */
export class SetupPreviewElement extends LitElement {
  static override styles = [base, buttonStyles, calloutStyles, skeletonStyles, setupPreviewStyles];

  @property({ attribute: false }) flow!: FlowDetail;
  /** Asks the edge. Another function is another question. */
  @property({ attribute: false }) ask!: (signal: AbortSignal) => Promise<Preview>;
  /** Told of an error that the user sees. */
  @property({ attribute: false }) report: (error: ApiError) => void = () => undefined;

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: fieldScopeContext, subscribe: true }) private scope: FieldScope | undefined;
  @state() private labels: Labels = new Map();
  @state() private words: typeof describeRefused | undefined;

  readonly #preview = new ResourceController<Preview>(this, {
    key: () => [this.ask],
    load: (signal) => this.ask(signal),
    settled: (outcome) => {
      if (outcome.status === "failed") this.report(outcome.error);
      else void this.#learnLabels();
    },
  });

  override render(): TemplateResult {
    const { state: preview } = this.#preview;
    if (preview.status === "failed" && !preview.value) return this.#renderFailed(preview.error);
    if (!preview.value) return this.#renderWaiting();
    const { blocks, problems } = preview.value;
    const telling = new Map(tellingBlocks(this.flow.blocks).map((block) => [block.key, block]));
    return html`${this.#renderProblems(problems)}
    ${blocks.map((block) => {
      const told = telling.get(block.key);
      return told ? this.#renderBlock(block, told) : nothing;
    })}`;
  }

  #renderProblems(problems: readonly FieldProblem[]): TemplateResult {
    const { msg } = this.i18n;
    if (problems.length === 0) return callout({ tone: "success", text: msg("setup.previewReady") });
    const text = html`<ul class="problems">
      ${problems.map(
        (problem) => html`<li>
          <span>${this.#nameOf(problem)}<bdi>${this.#wordsOf(problem)}</bdi></span>
          <button class="link" type="button" @click=${() => this.#fix(problem)}>
            ${msg(problem.code === "scope" ? "accounts.reconnect" : "setup.previewFix")}<span class="visually-hidden">: ${this.#wordsOf(problem)}</span>
          </button>
        </li>`,
      )}
    </ul>`;
    return callout({ tone: "warning", title: msg("setup.previewProblems"), text });
  }

  /** "Audience: " before a message that does not name its field by itself. */
  #nameOf({ path, code }: FieldProblem): TemplateResult | typeof nothing {
    const label = code === "unmapped" || path.startsWith("accounts.") ? undefined : this.#fieldAt(path)?.label;
    return label === undefined ? nothing : html`<strong><bdi>${label}</bdi></strong> · `;
  }

  /** By its code, as the form says it; the edge's or the builder's words for the rest. */
  #wordsOf(problem: FieldProblem): string {
    const { path, code, message, params } = problem;
    const [of, key, inner] = path.split(".");
    const field = this.#fieldAt(path);
    if (field && of === "values") {
      const asked = inner === undefined ? field : field.fields?.find((one) => path.endsWith(`.${one.key}`));
      return asked ? faultWords(this.i18n, asked, toFault(problem, undefined)) : message;
    }
    const app = this.scope?.appOf(this.flow.accounts.find((slot) => slot.key === key)?.app ?? "")?.name;
    return app ? this.#say({ code, message, params: { app, ...params } }) : message;
  }

  /** By its code once the words for that are loaded; until then as the edge says it. */
  #say(told: Told): string {
    if (this.words) return this.words(this.i18n, told);
    import("../i18n/describe-refusal.ts").then(
      ({ describeRefused }) => {
        this.words = describeRefused;
      },
      () => undefined,
    );
    return told.message;
  }

  #renderBlock(shown: Preview["blocks"][number], block: FlowDetail["blocks"][number]): TemplateResult {
    const tables = layTables(shown, this.#mappings, (field) => readPairs(this.scope?.values[field.key]), this.labels);
    return html`<section class="block" part="block">
      <header>
        <span class="mark">${triggerIcon(block.trigger.type)}</span>
        <div class="words"><h3><bdi>${block.name}</bdi></h3><p>${blockWords(block.trigger, this.flow.apps, this.i18n)}</p></div>
      </header>
      ${this.#renderNote(shown, tables.length > 0)} ${tables.map((table) => this.#renderTable(table))}
    </section>`;
  }

  #renderNote({ source, problem, why }: Preview["blocks"][number], hasRows: boolean): TemplateResult | typeof nothing {
    const { msg } = this.i18n;
    const retry = html`<button class="button compact" type="button" @click=${() => this.#preview.reload()}>${msg("action.retry")}</button>`;
    if (problem) return callout({ tone: "warning", text: this.#say({ code: "", ...why, message: problem }), action: retry });
    if (source === "app") return hasRows ? nothing : html`<p class="note">${msg("setup.previewEmpty")}</p>`;
    return html`<p class="note">${msg(source === "sample" && hasRows ? "setup.previewSample" : "setup.previewNone")}</p>`;
  }

  #renderTable({ field, columns, rows }: PreviewTable): TemplateResult {
    const { msg } = this.i18n;
    const words = msg(field ? "setup.previewRows" : "setup.previewRaw");
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${field?.label ? `${field.label}: ${words}` : words}>
      <table>
        <caption>${field?.label && this.#mappings.length > 1 ? html`<strong><bdi>${field.label}</bdi></strong> · ` : nothing}${words}</caption>
        <thead>
          <tr>
            ${columns.map(
              ({ label, from }) =>
                html`<th scope="col" dir="auto">${label}${from === undefined || from === label ? nothing : html`<small><bdi>${from}</bdi></small>`}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              ${columns.map(({ key }) => {
                const text = cellText(Object.hasOwn(row, key) ? row[key] : undefined);
                return text === undefined
                  ? html`<td class="blank">${msg("setup.previewBlank")}</td>`
                  : html`<td title=${text} dir="auto">${text}</td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #renderWaiting(): TemplateResult {
    return html`<span class="visually-hidden" role="status">${this.i18n.msg("setup.previewLoading")}</span>
      ${[1, 2].map(() => html`<div class="block waiting" aria-hidden="true">${bone("title")}${bone("long")}${bone("half")}</div>`)}`;
  }

  #renderFailed(error: ApiError): TemplateResult {
    const { msg } = this.i18n;
    const action = html`<button class="button compact" type="button" @click=${() => this.#preview.reload()}>${msg("action.retry")}</button>`;
    return callout({ tone: "danger", title: msg("setup.previewFailed"), text: describeError(this.i18n, error), action });
  }

  get #fields(): FormField[] {
    return this.flow.setup.pages.flatMap((page) => page.fields);
  }

  get #mappings(): FormField[] {
    return this.#fields.filter(({ type }) => type === "mapping");
  }

  #fieldAt(path: string): FormField | undefined {
    const key = keyOf(path);
    return this.#fields.find((field) => field.key === key);
  }

  /** In the click. A permission is given by connecting the account again; everything else is a field to go to. */
  #fix({ path, code }: FieldProblem): void {
    const key = keyOf(path);
    const app = this.flow.accounts.find((slot) => slot.key === key)?.app;
    const account = key === undefined ? undefined : this.scope?.accounts[key];
    if (code !== "scope" || app === undefined || account === undefined) {
      this.dispatchEvent(new CustomEvent("preview-fix", { detail: { field: key } }));
      return;
    }
    this.scope?.connect(app, account).then(
      () => this.#preview.reload(),
      () => undefined,
    );
  }

  /** The names of the mappings' sides; without an answer their keys stand for them. */
  async #learnLabels(): Promise<void> {
    const sides = this.#mappings.flatMap(({ key, from, to }) => [[`${key}.from`, from] as const, [`${key}.to`, to] as const]);
    const found = await Promise.all(
      sides.map(async ([name, origin]) => {
        const items =
          origin?.items ?? (await this.scope?.askOptions({ field: name }, new AbortController().signal).catch(() => undefined))?.items;
        return [name, items ?? []] as const;
      }),
    );
    this.labels = new Map(found);
  }
}

const keyOf = (path: string): string | undefined => path.split(".")[1];

define("inlay-setup-preview", SetupPreviewElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-setup-preview": SetupPreviewElement;
  }
}
