import { css, html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Member } from "../../../shared/api/member.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import "../../ui/dialog.ts";
import { closeIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

type FlowRole = Member["flows"][number]["role"];
const FLOW_ROLES: readonly FlowRole[] = ["builder", "operator", "viewer"];
interface Named {
  key: string;
  name: string;
}

/**
 * What one member is on single flows, beside their role in the workspace: given, changed and taken.
 *
 * @fires roles-changed - something was changed
 * @fires roles-close
 */
export class FlowRolesDialogElement extends LitElement {
  static override styles = [
    ...partStyles,
    css`
      :host {
        display: contents;
      }

      inlay-dialog {
        --dialog-size: 560px;
      }

      .giving {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: calc(var(--_space) * 2);
      }

      .giving .field {
        flex: 1 1 140px;
      }
    `,
  ];

  @property({ attribute: false }) member!: Member;
  @state() private isBusy = false;
  readonly #flows = new ResourceController<Named[]>(this, {
    key: () => ["flows"],
    load: (signal) => listAll<Named>("flows", { limit: 500 }, signal),
  });

  override render(): TemplateResult {
    const { name, flows } = this.member;
    return html`<inlay-dialog open no-footer heading=${say("flowRolesTitle", { name })} close-label=${say("close")} @dialog-close=${this.#close}>
      <div class="form">
        <p class="muted">${say("flowRolesText", { role: say(this.member.role) })}</p>
        ${flows.length ? html`<ul class="panel">${flows.map((one) => this.#renderRole(one))}</ul>` : html`<p class="muted small">${say("noFlowRoles")}</p>`}
        ${this.#renderForm()}
      </div>
    </inlay-dialog>`;
  }

  #renderRole({ flow, role }: Member["flows"][number]): TemplateResult {
    const name = this.#nameOf(flow);
    const turn = (event: Event) => {
      const to = (event.target as HTMLSelectElement).value as FlowRole;
      void this.#give(flow, to, role);
    };
    return html`<li class="line">
      <div class="words"><strong>${name}</strong><span class="muted small">${flow}</span></div>
      <select class="input" aria-label=${say("roleOn", { flow: name })} ?disabled=${this.isBusy} .value=${role} @change=${turn}>
        ${FLOW_ROLES.map((one) => html`<option value=${one} ?selected=${one === role}>${say(one)}</option>`)}
      </select>
      <button class="button ghost square compact" type="button" aria-label=${say("takeRole", { flow: name })} title=${say("takeRole", { flow: name })} ?disabled=${this.isBusy} @click=${() => this.#take(flow, role)}>${closeIcon}</button>
    </li>`;
  }

  #renderForm(): TemplateResult {
    const given = new Set(this.member.flows.map(({ flow }) => flow));
    const free = (this.#flows.value ?? []).filter(({ key }) => !given.has(key));
    const give = (event: SubmitEvent) => {
      event.preventDefault();
      const data = new FormData(event.target as HTMLFormElement);
      void this.#give(String(data.get("flow")), String(data.get("role")) as FlowRole, null);
    };
    return html`<form class="giving" @submit=${give}>
      <div class="field">
        <label for="flow">${say("flow")}</label>
        <select class="input" id="flow" name="flow" required>${free.map(({ key, name }) => html`<option value=${key}>${name}</option>`)}</select>
      </div>
      <div class="field">
        <label for="role">${say("role")}</label>
        <select class="input" id="role" name="role">${FLOW_ROLES.map((role) => html`<option value=${role}>${say(role)}: ${say(`${role}Text`).toLowerCase()}</option>`)}</select>
      </div>
      <button class="button primary" ?disabled=${this.isBusy || !free.length}>${say("add")}</button>
    </form>`;
  }

  #nameOf(flow: string): string {
    return this.#flows.value?.find(({ key }) => key === flow)?.name ?? flow;
  }

  #put(flow: string, role: FlowRole | null): Promise<unknown> {
    const path = `members/${at(this.member.id)}/flows/${at(flow)}`;
    const work = role === null ? workspace(path, { method: "DELETE" }) : workspace(path, { method: "PUT", body: { role } });
    return work.then(() => this.dispatchEvent(new CustomEvent("roles-changed", { bubbles: true, composed: true })));
  }

  #give(flow: string, role: FlowRole, before: FlowRole | null): Promise<void> {
    const text = say("flowRoleGiven", { name: this.member.name, role: say(role).toLowerCase(), flow: this.#nameOf(flow) });
    return this.#change(flow, role, before, text);
  }

  #take(flow: string, before: FlowRole): Promise<void> {
    return this.#change(flow, null, before, say("flowRoleTaken", { name: this.member.name, flow: this.#nameOf(flow) }));
  }

  async #change(flow: string, to: FlowRole | null, before: FlowRole | null, text: string): Promise<void> {
    this.isBusy = true;
    await attempt(
      this,
      () => this.#put(flow, to),
      text,
      () => this.#put(flow, before),
    );
    this.isBusy = false;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("roles-close"));
  };
}

define("inlay-console-flow-roles", FlowRolesDialogElement);
