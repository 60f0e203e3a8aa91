import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { MemberSession } from "../../../shared/api/member.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { badge } from "../../ui/badge.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { bones, failure } from "../ui/parts.ts";
import { agentName } from "./agent-name.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

/** The member's own sign-ins, ended one by one or all but this. */
export class SessionsPartElement extends LitElement {
  static override styles = partStyles;

  readonly #sessions = new ResourceController<MemberSession[]>(this, {
    key: () => ["sessions"],
    load: (signal) => listAll<MemberSession>("sessions", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#sessions;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#sessions.reload()) : bones();
    const hasOthers = state.value.some(({ current }) => !current);
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("youText")}</p>
        ${hasOthers ? html`<button class="button compact" type="button" @click=${() => this.#end("sessions", say("signedOut"))}>${say("signOutOthers")}</button>` : nothing}
      </div>
      <ul class="panel">${state.value.map((session) => this.#renderSession(session))}</ul>
    </div></div>`;
  }

  #renderSession({ id, agent, createdAt, seenAt, current }: MemberSession): TemplateResult {
    const seen = seenAt ? ` · ${say("seen", { when: english.relative(seenAt) })}` : "";
    return html`<li class="line">
      <div class="words"><strong title=${agent ?? id}>${agent === null ? id : agentName(agent)}</strong><span class="muted small">${say("since", { when: english.relative(createdAt) })}${seen}</span></div>
      ${current ? badge("success", say("thisOne")) : html`<button class="button compact" type="button" @click=${() => this.#end(`sessions/${at(id)}`, say("ended"))}>${say("end")}</button>`}
    </li>`;
  }

  async #end(path: string, done: string): Promise<void> {
    if (await attempt(this, () => workspace(path, { method: "DELETE" }), done)) await this.#sessions.reload();
  }
}

define("inlay-console-sessions", SessionsPartElement);
