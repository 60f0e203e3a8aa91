import { ContextConsumer } from "@lit/context";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Integration, IntegrationBlock } from "../../shared/api/integration.ts";
import { type ApiError, isApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { asApiError } from "../api/resource.ts";
import { apiContext, hostEventsContext, i18nContext, toastContext } from "../contexts.ts";
import { integrationDetail } from "../events.ts";
import { describeError } from "../i18n/describe-error.ts";

export type Action = "toggle" | "rename" | "remove" | "upgrade" | "duplicate" | "run";

/**
 * What a user does to an integration. Nothing is shown as done before the edge has said so; a refusal is kept as `error`, in words.
 * Fires the public events.
 */
export class IntegrationActions implements ReactiveController {
  /** What is under way, such as `toggle` or `run:nightly`. */
  readonly busy = new Set<string>();
  #refusal: ApiError | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #api;
  readonly #fire;
  readonly #i18n;
  readonly #toast;
  readonly #changed: (integration: Integration, isRemoved: boolean) => void;

  /** `changed` is told of the new state, or of the removal. */
  constructor(host: ReactiveControllerHost & HTMLElement, changed: (integration: Integration, isRemoved: boolean) => void) {
    this.#host = host;
    this.#changed = changed;
    this.#api = new ContextConsumer(host, { context: apiContext, subscribe: true });
    this.#fire = new ContextConsumer(host, { context: hostEventsContext });
    this.#i18n = new ContextConsumer(host, { context: i18nContext, subscribe: true });
    this.#toast = new ContextConsumer(host, { context: toastContext });
    host.addController(this);
  }

  hostConnected(): void {}

  /** What went wrong last, in the language of now. */
  get error(): string | undefined {
    const i18n = this.#i18n.value;
    return this.#refusal && (i18n ? describeError(i18n, this.#refusal) : this.#refusal.message);
  }

  async setEnabled(integration: Integration, enabled: boolean): Promise<void> {
    const { id, name } = integration;
    this.clearError();
    if (!enabled && this.#fire.value?.("inlay-before-disable", { integration: id }) === false) return;
    await this.#perform("toggle", async (api) => {
      const changed = await api.updateIntegration(id, { enabled });
      this.#changed(changed, false);
      this.#fire.value?.(enabled ? "inlay-integration-enabled" : "inlay-integration-disabled", integrationDetail(changed));
      this.#say(enabled ? "integrations.turnedOn" : "integrations.turnedOff", { name });
    });
  }

  /** Resolves with whether it was renamed. */
  async rename(integration: Integration, name: string): Promise<boolean> {
    return this.#perform("rename", async (api) => {
      const changed = await api.updateIntegration(integration.id, { name });
      this.#changed(changed, false);
      this.#fire.value?.("inlay-integration-renamed", integrationDetail(changed));
      this.#say("integrations.renamed");
    });
  }

  /** Resolves with whether it was removed. */
  async remove(integration: Integration): Promise<boolean> {
    this.clearError();
    if (this.#fire.value?.("inlay-before-delete", { integration: integration.id }) === false) return false;
    return this.#perform("remove", async (api) => {
      await api.removeIntegration(integration.id);
      this.#fire.value?.("inlay-integration-deleted", integrationDetail(integration));
      this.#say("integrations.removed", { name: integration.name });
      this.#changed(integration, true);
    });
  }

  /** Makes another one like it, off. What cannot be copied (secrets) is asked for: it is kept as a draft, and `asks` is called. */
  async duplicate(integration: Integration, asks: () => void): Promise<void> {
    const { flow, accounts, values } = integration;
    const i18n = this.#i18n.value;
    const name = (i18n?.msg("integrations.copyName", { name: integration.name }) ?? integration.name).slice(0, 200);
    const copy = { name, accounts, values: withoutSealed(values) };
    await this.#perform("duplicate", async (api) => {
      const made = await api.createIntegration({ flow, enable: false, ...copy }, crypto.randomUUID()).catch(async (error: unknown) => {
        if (!(isApiError(error) && error.code === "invalid")) throw error;
        await api.writeDraft(flow, copy);
        return undefined;
      });
      if (!made) return asks();
      this.#changed(made, false);
      this.#fire.value?.("inlay-integration-created", integrationDetail(made));
      this.#say("integrations.duplicated", { name: made.name });
    });
  }

  /** Resolves with whether it was done. `asks` is called where the newest version wants something that only the setup form can ask for. */
  async upgrade(integration: Integration, asks: () => void): Promise<boolean> {
    return this.#perform("upgrade", async (api) => {
      const changed = await api.upgradeIntegration(integration.id).catch((error: unknown) => {
        if (isApiError(error) && error.code === "invalid") return undefined;
        throw error;
      });
      if (!changed) return asks();
      this.#changed(changed, false);
      this.#fire.value?.("inlay-integration-upgraded", integrationDetail(changed));
      this.#say("integrations.upgraded", { name: changed.name });
    });
  }

  async run(integration: Integration, block: IntegrationBlock): Promise<void> {
    await this.#perform(`run:${block.key}`, async (api) => {
      await api.runBlock(integration.id, block.key);
      this.#say("integrations.started", { block: block.name });
    });
  }

  async copy(text: string): Promise<void> {
    await this.#perform("copy", async () => {
      await navigator.clipboard.writeText(text);
      this.#say("action.copied");
    });
  }

  /** Shows an error, and tells the host page of it. */
  fail(refusal: ApiError): void {
    this.#refusal = refusal;
    this.#fire.value?.("inlay-error", { code: refusal.code, message: this.error ?? "", retryable: refusal.retryable });
    this.#host.requestUpdate();
  }

  clearError(): void {
    this.#refusal = undefined;
    this.#host.requestUpdate();
  }

  async #perform(name: string, act: (api: ApiClient) => Promise<void>): Promise<boolean> {
    const api = this.#api.value;
    if (!api || this.busy.has(name)) return false;
    this.busy.add(name);
    this.#refusal = undefined;
    this.#host.requestUpdate();
    try {
      await act(api);
      return true;
    } catch (error) {
      this.fail(asApiError(error));
      return false;
    } finally {
      this.busy.delete(name);
      this.#host.requestUpdate();
    }
  }

  #say(...words: Parameters<NonNullable<typeof this.i18n>["msg"]>): void {
    const text = this.i18n?.msg(...words);
    if (text) this.#toast.value?.(text);
  }

  get i18n() {
    return this.#i18n.value;
  }
}

/** What can be copied: a stored secret stands there as a mark alone. */
function withoutSealed(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !JSON.stringify(value ?? null).includes('{"$secret":true}')));
}
