import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RunDetail, StepRun } from "../../../shared/api/run.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { payload, payloadStyles } from "../../integrations/payload.ts";
import { printRequest, printResponse } from "../../integrations/print-payload.ts";
import { badge } from "../../ui/badge.ts";
import { callout } from "../../ui/callout.ts";
import { at } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf, setQuery } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { canOperate, type Session } from "../app/session.ts";
import "../runs/retry-dialog.ts";
import { readRun, readStep } from "../runs/runs-api.ts";
import { bones, choice, failure, when } from "../ui/parts.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import {
  type ErrorGroup,
  type FailedRun,
  listFailed,
  listMembers,
  type MemberName,
  patchError,
  readError,
  retryError,
} from "./error-api.ts";
import { say } from "./words.ts";

interface Sample {
  run: RunDetail;
  step: StepRun | undefined;
}

/** One error: what happened, in which runs; the input corrected, one or all retried, resolved. */
export class ErrorViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    payloadStyles,
    css`
      .sides {
        display: grid;
        align-items: start;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
        gap: calc(var(--_space) * 4);
      }

      .side {
        display: grid;
        gap: calc(var(--_space) * 4);
        min-inline-size: 0;
      }

      .pattern {
        font-size: var(--_size-l);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .mending {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--_space) * 2);
      }

      .mending .input {
        inline-size: min(100%, 260px);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() error = "";
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private retrying: number | undefined;
  @state() private mending: RunDetail | undefined;
  readonly #group = new ResourceController<ErrorGroup>(this, { key: () => [this.error], load: (signal) => readError(this.error, signal) });
  readonly #members = new ResourceController<MemberName[]>(this, { key: () => ["members"], load: listMembers });
  readonly #runs = new PagedController<FailedRun>(this, {
    key: () => [this.error, this.#status()],
    load: (cursor, signal) => listFailed(this.error, this.#status(), cursor, signal),
    idOf: ({ run }) => run,
  });
  readonly #sample = new ResourceController<Sample>(this, {
    key: () => {
      const first = this.#runs.items[0];
      return first && [first.run];
    },
    load: async (signal) => {
      const run = await readRun(this.#runs.items[0]?.run ?? "", signal);
      const failed = run.steps.findLast(({ status }) => status === "failed");
      return { run, step: failed && (await readStep(run.id, failed.path).catch(() => failed)) };
    },
  });

  constructor() {
    super();
    new PulseController(
      this,
      () => {
        void this.#group.reload();
        void this.#runs.refresh();
      },
      { of: ["run", "error"] },
    );
  }

  #status(): string {
    return this.query.get("status") || "open";
  }

  override render(): TemplateResult {
    const { state } = this.#group;
    const group = state.value?.id === this.error ? state.value : undefined;
    if (!group) return state.status === "failed" ? failure(state.error, () => this.#group.reload()) : bones();
    const mayOperate = canOperate(this.session);
    return html`
      <header class="head">
        <h1><a class="way" href=${hrefOf("/errors")}>${say("title")}</a> ${group.flow} ${group.open ? badge("danger", say("runs", { count: group.open })) : badge("success", say("isResolved"))}</h1>
        <span class="gap breaks"></span>
        ${mayOperate ? this.#renderActions(group) : nothing}
      </header>
      <div class="scroll"><div class="column wide">
        ${this.#renderFacts(group)} ${mayOperate ? this.#renderMending(group) : nothing} ${this.#renderSample(group)} ${this.#renderRuns(mayOperate)}
      </div></div>
      ${
        this.mending
          ? html`<inlay-console-retry edit .run=${this.mending} @retry-close=${() => this.#mend(undefined)} @retry-started=${this.#mended}></inlay-console-retry>`
          : nothing
      }
    `;
  }

  #renderActions(group: ErrorGroup): TemplateResult {
    if (!group.open)
      return html`<button class="button compact" type="button" @click=${() => this.#turn("open", "reopened")}>${say("reopen")}</button>`;
    const isBusy = this.retrying !== undefined;
    return html`
      <button class="button compact" type="button" @click=${() => this.#turn("resolved", "resolved")}>${say("resolve")}</button>
      <button class="button compact primary" type="button" aria-busy=${isBusy ? "true" : nothing} ?disabled=${isBusy} @click=${() => this.#retry(undefined)}>
        ${this.retrying ? say("retrying", { done: this.retrying }) : say("retryAll")}
      </button>
    `;
  }

  #renderFacts(group: ErrorGroup): TemplateResult {
    return html`
      <div>
        <p class="pattern">${group.pattern}</p>
        ${group.message === group.pattern ? nothing : html`<p class="muted">${say("lastMessage")}: ${group.message}</p>`}
      </div>
      <dl class="facts">
        <div><dt>${say("flow")}</dt><dd><a href=${hrefOf(`/flows/${at(group.flow)}`)}>${group.flow}</a></dd></div>
        <div><dt>${say("block")}</dt><dd>${group.block}</dd></div>
        <div><dt>${say("step")}</dt><dd>${group.step ?? say("outside")}</dd></div>
        <div><dt>${say("kind")}</dt><dd>${group.class} <span class="mono muted">${group.code}</span></dd></div>
        <div><dt>${say("failedRuns")}</dt><dd class="number">${say("of", { open: group.open, total: group.total })}</dd></div>
        <div><dt>${say("users")}</dt><dd class="number">${english.number(group.integrations)}</dd></div>
        <div><dt>${say("first")}</dt><dd>${when(group.firstAt)}</dd></div>
        <div><dt>${say("lastSeen")}</dt><dd>${when(group.lastAt)}</dd></div>
      </dl>
    `;
  }

  #renderMending(group: ErrorGroup): TemplateResult {
    const assignees = [["", say("unassigned")] as const, ...(this.#members.value ?? []).map(({ id, name }) => [id, name] as const)];
    // Enter changes the field as well: it is sent once, and shown as it was stored.
    const tag = async ({ target }: Event) => {
      const input = target as HTMLInputElement;
      await this.#patch({ tags: input.value.split(",") });
      input.value = this.#group.value?.tags.join(", ") ?? "";
    };
    return html`<div class="mending">
      ${choice("assignee", say("assign"), group.assignee ?? "", assignees, (assignee) => this.#patch({ assignee: assignee || null }))}
      <input class="input" name="tags" aria-label=${say("tags")} placeholder=${say("tagsHint")} .value=${group.tags.join(", ")} @change=${tag} />
    </div>`;
  }

  #renderSample(group: ErrorGroup): TemplateResult | typeof nothing {
    const sample = this.#sample.value;
    if (!sample) return nothing;
    const { run, step } = sample;
    return html`<section>
      <h2>${say("sample")} <a class="small" href=${hrefOf(`/runs/${run.id}`)}>${say("openRun")}</a>
        <span class="gap"></span>
        ${canOperate(this.session) && group.open ? html`<button class="button compact" type="button" @click=${() => this.#mend(run)}>${say("mend")}</button>` : nothing}
      </h2>
      ${run.error && run.error.message !== group.message ? callout({ tone: "danger", text: run.error.message }) : nothing}
      <div class="sides">
        ${step?.input === undefined ? payload(say("runInput"), run.input) : payload(say("input"), step.input)}
        ${
          step?.request || step?.response
            ? html`<div class="side">
                ${step.request ? payload(say("request"), printRequest(step.request)) : nothing}
                ${step.response ? payload(say("response"), printResponse(step.response)) : nothing}
              </div>`
            : nothing
        }
      </div>
    </section>`;
  }

  #renderRuns(mayOperate: boolean): TemplateResult {
    const { items, hasMore } = this.#runs;
    const isOpen = this.#status() === "open";
    return html`<section>
      <h2>
        ${say("failedRuns")}
        <span class="gap"></span>
        ${
          this.chosen.size
            ? html`<span class="small muted" role="status">${say("chosen", { count: this.chosen.size })}</span>
                <button class="button compact primary" type="button" ?disabled=${this.retrying !== undefined} @click=${() => this.#retry([...this.chosen])}>${say("retry")}</button>`
            : choice(
                "status",
                say("status"),
                isOpen ? "" : "resolved",
                [
                  ["", say("isOpen")],
                  ["resolved", say("isResolved")],
                ],
                (status) => setQuery({ status }),
              )
        }
      </h2>
      ${
        items.length
          ? html`<ul class="panel">${items.map((item) => this.#renderRun(item, mayOperate && isOpen))}</ul>`
          : html`<p class="muted">${isOpen ? say("noRuns") : say("noResolved")}</p>`
      }
      ${hasMore ? html`<p><button class="button compact" type="button" @click=${() => this.#runs.more()}>${english.msg("action.showMore")}</button></p>` : nothing}
    </section>`;
  }

  #renderRun(item: FailedRun, mayChoose: boolean): TemplateResult {
    const choose = () => {
      const chosen = new Set(this.chosen);
      if (!chosen.delete(item.run)) chosen.add(item.run);
      this.chosen = chosen;
    };
    const by =
      item.resolvedBy === "retry"
        ? say("byRetry")
        : item.resolvedBy === "success"
          ? say("bySuccess")
          : item.resolvedBy === "again"
            ? say("byAgain")
            : this.#members.value?.find(({ id }) => id === item.resolvedBy)?.name;
    return html`<li class="line">
      ${mayChoose ? html`<input class="check" type="checkbox" aria-label=${`${say("run")} ${item.run}`} .checked=${this.chosen.has(item.run)} @change=${choose} />` : nothing}
      <div class="words">
        <a href=${hrefOf(`/runs/${item.run}`)}>${item.message}</a>
        <span class="mono muted">${item.run}</span>
      </div>
      ${item.status === "resolved" ? html`<span class="muted small">${say("resolvedBy")} ${by ?? item.resolvedBy ?? ""}</span>` : nothing}
      ${item.retry ? html`<a class="small" href=${hrefOf(`/runs/${item.retry}`)}>${say("retry")}</a>` : nothing}
      <span class="muted small">${when(item.at)}</span>
    </li>`;
  }

  async #retry(runs: string[] | undefined): Promise<void> {
    this.retrying = 0;
    await attempt(this, async () => {
      const ends = await retryError(this.error, runs, (count) => {
        this.retrying = count;
      });
      const refused = ends.filter(({ started }) => started === undefined);
      const text = [
        say("retried", { count: ends.length - refused.length }),
        ...(refused.length ? [say("refused", { count: refused.length, why: refused[0]?.message ?? "" })] : []),
      ].join(". ");
      notify(this, { text, tone: refused.length && refused.length === ends.length ? "failed" : "done" });
      this.chosen = new Set();
      await Promise.all([this.#group.reload(), this.#runs.refresh()]);
    });
    this.retrying = undefined;
  }

  async #turn(status: "open" | "resolved", word: "resolved" | "reopened"): Promise<void> {
    const turn = async (to: "open" | "resolved") => {
      this.#group.set(await patchError(this.error, { status: to }));
      await this.#runs.reload();
    };
    await attempt(
      this,
      () => turn(status),
      say(word),
      () => turn(status === "open" ? "resolved" : "open"),
    );
  }

  async #patch(change: Parameters<typeof patchError>[1]): Promise<void> {
    await attempt(this, async () => this.#group.set(await patchError(this.error, change)));
  }

  #mend(run: RunDetail | undefined): void {
    this.mending = run;
  }

  readonly #mended = async (event: CustomEvent<{ run: string }>): Promise<void> => {
    this.mending = undefined;
    notify(this, { text: say("retried", { count: 1 }) });
    await this.#runs.refresh();
    void event;
  };
}

define("inlay-console-error", ErrorViewElement);
