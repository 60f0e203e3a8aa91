import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Invitation, Member } from "../../../shared/api/member.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { badge } from "../../ui/badge.ts";
import { plusIcon } from "../../ui/icons.ts";
import type { MenuItem } from "../../ui/menu.ts";
import "../../ui/menu.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import type { Session } from "../app/session.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { bones, breakable, failure, when } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { shownOnce } from "./shown-once.ts";
import type { TokenRow } from "./tokens-part.ts";
import { say } from "./words.ts";

const ROLES = ["owner", "admin", "builder", "operator", "viewer"] as const;
type Role = (typeof ROLES)[number];

interface People {
  members: Member[];
  invitations: Invitation[];
}

/** Members, their roles, and who is invited. */
export class MembersPartElement extends LitElement {
  static override styles = partStyles;

  @property({ attribute: false }) session!: Session;
  @state() private isInviting = false;
  @state() private link: { text: string; url: string } | undefined;
  @state() private removing: { member: Member; tokens: string } | undefined;
  @state() private renaming: Member | undefined;
  /** The member whose roles on flows are looked at. */
  @state() private roleOf: string | undefined;
  readonly #people = new ResourceController<People>(this, {
    key: () => ["members"],
    load: async (signal) => {
      const [members, invitations] = await Promise.all([
        listAll<Member>("members", {}, signal),
        listAll<Invitation>("invitations", {}, signal),
      ]);
      return { members, invitations };
    },
  });

  override render(): TemplateResult {
    const { state } = this.#people;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#people.reload()) : bones();
    const { members, invitations } = state.value;
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("membersText")}</p>
        <button class="button compact primary" type="button" aria-expanded=${this.isInviting} @click=${this.#toggle}>${plusIcon} ${say("invite")}</button>
      </div>
      ${this.link ? shownOnce(this, this.link.text, this.link.url) : nothing}
      ${this.isInviting ? this.#renderForm() : nothing}
      <ul class="panel">
        ${members.map((member) => this.#renderMember(member))}
        ${invitations.map((one) => this.#renderInvitation(one))}
      </ul>
      ${this.removing ? this.#renderRemoval(this.removing) : nothing} ${this.#renderFlowRoles(members)}
      ${this.renaming ? this.#renderRenaming(this.renaming) : nothing}
    </div></div>`;
  }

  #renderRemoval({ member, tokens }: { member: Member; tokens: string }): TemplateResult {
    const close = () => {
      this.removing = undefined;
    };
    return askRemoval(
      say("confirmRemove", { name: member.name }),
      tokens ? `${say("confirmRemoveText")} ${say("confirmRemoveTokens", { names: tokens })}` : say("confirmRemoveText"),
      say("remove"),
      close,
      () => void this.#remove(member),
    );
  }

  #renderFlowRoles(members: readonly Member[]): TemplateResult | typeof nothing {
    const member = members.find(({ id }) => id === this.roleOf);
    if (!member) return nothing;
    return html`<inlay-console-flow-roles
      .member=${member}
      @roles-changed=${() => this.#people.reload()}
      @roles-close=${() => {
        this.roleOf = undefined;
      }}
    ></inlay-console-flow-roles>`;
  }

  #renderForm(): TemplateResult {
    return html`<form class="panel adding" @submit=${this.#invite}>
      <div class="field"><label for="email">${say("email")}</label><input class="input" id="email" name="email" type="email" required autocomplete="off" autofocus /></div>
      <div class="field">
        <label for="role">${say("role")}</label>
        <select class="input" id="role" name="role">${this.#roles().map((role) => html`<option value=${role} ?selected=${role === "builder"}>${say(role)}: ${say(`${role}Text`).toLowerCase()}</option>`)}</select>
      </div>
      <div class="ends"><button class="button primary">${say("invite")}</button><button class="button ghost" type="button" @click=${this.#toggle}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderMember(member: Member): TemplateResult {
    const isSelf = member.id === this.session.member.id;
    const mayChange = !isSelf && this.#roles().includes(member.role);
    return html`<li class="line">
      <div class="words">
        <strong>${member.name}${isSelf ? html` <span class="muted">(${say("you").toLowerCase()})</span>` : nothing}</strong>
        <span class="muted small">${breakable(member.email)}${member.flows.length ? html` · ${member.flows.map(({ flow, role }) => `${flow}: ${say(role)}`).join(", ")}` : nothing}</span>
      </div>
      ${
        mayChange
          ? html`<select class="input" aria-label=${`${say("role")}: ${member.name}`} @change=${(event: Event) => this.#turn(member, (event.target as HTMLSelectElement).value as Role)}>
              ${this.#roles().map((role) => html`<option value=${role} ?selected=${role === member.role}>${say(role)}</option>`)}
            </select>`
          : badge("neutral", say(member.role))
      }
      ${isSelf ? nothing : html`<inlay-menu label=${say("memberActions", { name: member.name })} .items=${this.#actions(member)}></inlay-menu>`}
    </li>`;
  }

  #renderInvitation({ id, email, role, expiresAt }: Invitation): TemplateResult {
    const withdraw = () => this.#do(() => workspace(`invitations/${at(id)}`, { method: "DELETE" }));
    return html`<li class="line">
      <div class="words"><strong>${breakable(email)}</strong><span class="muted small">${say(role)} · ${say("expiresAt", { when: "" })}${when(expiresAt)}</span></div>
      ${badge("accent", say("invited"))}
      <button class="button compact" type="button" @click=${withdraw}>${say("withdraw")}</button>
    </li>`;
  }

  /** Roles that the member may give: none stronger than their own. */
  #roles(): Role[] {
    const roles: readonly string[] = ROLES;
    return ROLES.slice(Math.max(0, roles.indexOf(this.session.member.role ?? "")));
  }

  #actions(member: Member): MenuItem[] {
    const { id, name, email } = member;
    const signIn = () =>
      this.#do(async () => {
        const { url } = await workspace<{ url: string }>("sign-in-links", { method: "POST", body: { email } });
        this.link = { text: say("signInLinkText", { email }), url };
      });
    const end = () => this.#do(() => workspace(`members/${at(id)}/sessions`, { method: "DELETE" }), say("sessionsEnded", { name }));
    const isLimited = member.role !== "owner" && member.role !== "admin";
    return [
      ...(isLimited ? [{ label: say("flowRoles"), run: () => void this.#openFlowRoles(member) }] : []),
      { label: say("rename"), run: () => void this.#openRename(member) },
      { label: say("signInLink"), run: () => void signIn() },
      { label: say("endSessions"), run: () => void end() },
      {
        label: `${say("remove")}…`,
        tone: "danger",
        divided: true,
        run: () => void this.#askRemoval(member),
      },
    ];
  }

  async #askRemoval(member: Member): Promise<void> {
    await attempt(this, async () => {
      const tokens = (await listAll<TokenRow>("tokens")).filter((one) => one.member === member.email);
      this.removing = { member, tokens: tokens.map(({ name }) => `“${name}”`).join(", ") };
    });
  }

  async #openFlowRoles({ id }: Member): Promise<void> {
    await import("./flow-roles-dialog.ts");
    this.roleOf = id;
  }

  async #openRename(member: Member): Promise<void> {
    await import("../ui/ask-text.ts");
    this.renaming = member;
  }

  #renderRenaming({ id, name: before }: Member): TemplateResult {
    const rename = (name: string) => workspace(`members/${at(id)}`, { method: "PATCH", body: { name } }).then(() => this.#people.reload());
    const save = async (name: string) => {
      await rename(name);
      notify(this, { text: say("memberRenamed", { name }), undo: () => rename(before) });
    };
    return html`<inlay-console-ask-text heading=${say("renameTitle", { name: before })} label=${say("name")} .value=${before} .save=${save} @text-close=${() => {
      this.renaming = undefined;
    }}></inlay-console-ask-text>`;
  }

  readonly #toggle = (): void => {
    this.isInviting = !this.isInviting;
  };

  readonly #invite = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const email = String(data.get("email") ?? "");
    await this.#do(async () => {
      const { url } = await workspace<{ url: string }>("invitations", { method: "POST", body: { email, role: data.get("role") } });
      this.link = { text: say("inviteLink", { email }), url };
      this.isInviting = false;
    });
  };

  async #turn({ id, name, role: before }: Member, role: Role): Promise<void> {
    const turn = (to: Role) => workspace(`members/${at(id)}`, { method: "PATCH", body: { role: to } }).then(() => this.#people.reload());
    await attempt(
      this,
      () => turn(role),
      say("roleChanged", { name, role: say(role).toLowerCase() }),
      () => turn(before),
    );
    await this.#people.reload();
  }

  #remove({ id, name }: Member): Promise<void> {
    return this.#do(() => workspace(`members/${at(id)}`, { method: "DELETE" }), say("removed", { name }));
  }

  async #do(work: () => Promise<unknown>, done?: string): Promise<void> {
    if (await attempt(this, work, done)) await this.#people.reload();
  }
}

define("inlay-console-members", MembersPartElement);
