import { html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { Delivery, NotificationWebhook } from "../../../shared/api/notification.ts";
import { NOTIFICATION_TYPES } from "../../../shared/api/notification-types.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { empty } from "../../ui/empty.ts";
import { plusIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { bellIcon } from "../ui/console-icons.ts";
import { bones, failure } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { shownOnce } from "./shown-once.ts";
import { say } from "./words.ts";

const TYPE_WORDS = {
  "account.expired": "accountExpired",
  "account.restored": "accountRestored",
  "webhook.stopped": "webhookStopped",
} as const;

/** Addresses that notifications are sent to: added, tried, changed, switched off and on, removed. */
export class NotificationsPartElement extends LitElement {
  static override styles = partStyles;

  /** The address whose notifications are chosen, or a new one. */
  @state() private writing: NotificationWebhook | "new" | undefined;
  @state() private made: { url: string; secret: string } | undefined;
  @state() private removing: NotificationWebhook | undefined;
  readonly #webhooks = new ResourceController<NotificationWebhook[]>(this, {
    key: () => ["notification-webhooks"],
    load: (signal) => listAll<NotificationWebhook>("notifications/webhooks", {}, signal),
  });

  constructor() {
    super();
    new PulseController(this, () => this.#webhooks.reload(), { of: ["notification-webhook", "account"], most: 20_000 });
  }

  override render(): TemplateResult {
    const { state } = this.#webhooks;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#webhooks.reload()) : bones();
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("notificationsText")}</p>
        <button class="button compact primary" type="button" aria-expanded=${this.writing === "new"} @click=${() => this.#write("new")}>${plusIcon} ${say("newWebhook")}</button>
      </div>
      ${this.made ? shownOnce(this, say("webhookSecret", { host: hostOf(this.made.url) }), this.made.secret) : nothing}
      ${this.writing ? keyed(this.writing, this.#renderForm(this.writing === "new" ? undefined : this.writing)) : nothing}
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((webhook) => this.#renderWebhook(webhook))}</ul>`
          : empty({ icon: bellIcon, title: say("noWebhooks"), text: say("noWebhooksText") })
      }
      ${this.removing ? this.#renderRemoval(this.removing) : nothing}
    </div></div>`;
  }

  #renderForm(webhook: NotificationWebhook | undefined): TemplateResult {
    const isSent = (type: NotificationWebhook["types"][number]) => !webhook?.types.length || webhook.types.includes(type);
    return html`<form class="panel adding" @submit=${(event: SubmitEvent) => this.#save(event, webhook)}>
      <div class="field whole"><label for="url">${say("webhookUrl")}</label><input class="input" id="url" name="url" type="url" required maxlength="2000" placeholder="https://" autocomplete="off" .value=${webhook?.url ?? ""} ?readonly=${webhook !== undefined} ?autofocus=${webhook === undefined} /></div>
      <fieldset class="whole">
        <legend>${say("webhookTypes")}</legend>
        ${NOTIFICATION_TYPES.map((type) => html`<label><input type="checkbox" name="types" value=${type} ?checked=${isSent(type)} /> ${say(TYPE_WORDS[type])}</label>`)}
      </fieldset>
      <div class="ends whole"><button class="button primary">${say(webhook ? "save" : "add")}</button><button class="button ghost" type="button" @click=${() => this.#write(undefined)}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderWebhook(webhook: NotificationWebhook): TemplateResult {
    const { url, types, enabled, reason, lastDelivery } = webhook;
    const wanted = types.length ? english.list(types.map((type) => say(TYPE_WORDS[type]))) : say("allTypes");
    return html`<li class="line stacked">
      <div class="words">
        <strong class="mono">${url}</strong>
        <span class="muted small">${enabled ? wanted : `${say("webhookOff")}${reason ? ` · ${reason}` : ""}`}${lastDelivery ? ` · ${sentWords(lastDelivery)}` : ""}</span>
      </div>
      <button class="button compact" type="button" @click=${() => this.#try(webhook)}>${say("tryWebhook")}</button>
      <button class="button compact" type="button" @click=${() => this.#write(webhook)}>${say("edit")}</button>
      <button class="button compact" type="button" @click=${() => this.#turn(webhook)}>${enabled ? say("switchOff") : say("switchOn")}</button>
      <button class="button compact ghost" type="button" @click=${() => this.#ask(webhook)}>${say("remove")}</button>
    </li>`;
  }

  #renderRemoval(webhook: NotificationWebhook): TemplateResult {
    return askRemoval(
      `${say("remove")} ${hostOf(webhook.url)}`,
      say("removeWebhookText"),
      say("remove"),
      () => this.#ask(undefined),
      () => void this.#remove(webhook),
    );
  }

  #ask(webhook: NotificationWebhook | undefined): void {
    this.removing = webhook;
  }

  #write(what: NotificationWebhook | "new" | undefined): void {
    this.writing = what;
  }

  async #save(event: SubmitEvent, webhook: NotificationWebhook | undefined): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const chosen = data.getAll("types").map(String);
    const types = chosen.length === NOTIFICATION_TYPES.length ? [] : chosen;
    await attempt(this, async () => {
      if (webhook) await workspace(`notifications/webhooks/${at(webhook.id)}`, { method: "PATCH", body: { types } });
      else {
        const body = { url: String(data.get("url") ?? "").trim(), types };
        const { url, secret } = await workspace<NotificationWebhook & { secret: string }>("notifications/webhooks", {
          method: "POST",
          body,
        });
        this.made = { url, secret };
      }
      this.writing = undefined;
    });
    await this.#webhooks.reload();
  }

  async #try({ id, url }: NotificationWebhook): Promise<void> {
    await attempt(this, async () => {
      const { ok, status, message } = await workspace<Delivery>(`notifications/webhooks/${at(id)}/test`, { method: "POST", body: {} });
      if (!ok) throw new Error(message);
      notify(this, { text: say("webhookAnswered", { host: hostOf(url), status: String(status) }) });
    });
  }

  async #turn({ id, enabled }: NotificationWebhook): Promise<void> {
    await attempt(this, () => workspace(`notifications/webhooks/${at(id)}`, { method: "PATCH", body: { enabled: !enabled } }));
    await this.#webhooks.reload();
  }

  async #remove({ id, url }: NotificationWebhook): Promise<void> {
    const done = say("webhookRemoved", { host: hostOf(url) });
    await attempt(this, () => workspace(`notifications/webhooks/${at(id)}`, { method: "DELETE" }), done);
    this.removing = undefined;
    await this.#webhooks.reload();
  }
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

function sentWords({ at: time, ok, message, nextAt }: Delivery): string {
  if (ok) return say("webhookSent", { when: english.relative(time) });
  return nextAt === null ? message : `${message} ${say("webhookAgain", { when: english.relative(nextAt) })}`;
}

define("inlay-console-notifications", NotificationsPartElement);
