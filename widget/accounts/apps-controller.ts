import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Account } from "../../shared/api/account.ts";
import type { AppDetail } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { ApiClient } from "../api/client.ts";
import { readAccounts } from "./read-accounts.ts";

/** Keeps at hand how the apps of some flows are connected, so that a click can open their window at once. */
export class AppsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #client: () => ApiClient | undefined;
  readonly #flows = new Map<string, AppDetail[]>();
  #of: ApiClient | undefined;
  #accounts: Account[] = [];
  #running = new AbortController();

  constructor(host: ReactiveControllerHost, client: () => ApiClient | undefined) {
    this.#host = host;
    this.#client = client;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#running.abort();
    this.#flows.clear();
    this.#of = undefined;
  }

  /** Loads what is not there yet, by integration since a flow may have been withdrawn; what fails is tried again at the next need. */
  need(integrations: readonly Pick<Integration, "id" | "flow" | "version">[]): void {
    const client = this.#client();
    if (!client) return;
    if (client !== this.#of) {
      this.#running.abort();
      this.#running = new AbortController();
      this.#flows.clear();
      this.#of = client;
    }
    for (const one of integrations) if (!this.#flows.has(one.flow)) this.#load(client, one);
  }

  /** The account and its app, where `flow` uses that app and both are known by now. */
  accountIn(flow: string, account: string): { app: AppDetail; account: Account } | undefined {
    const found = this.#accounts.find(({ id }) => id === account);
    const app = found && this.#flows.get(flow)?.find(({ key }) => key === found.app);
    return app && found && { app, account: found };
  }

  async #load(client: ApiClient, { id, flow, version }: Pick<Integration, "id" | "flow" | "version">): Promise<void> {
    this.#flows.set(flow, []);
    try {
      const { signal } = this.#running;
      const [detail, accounts] = await Promise.all([
        client.readFlow(flow, signal, { integration: id, version }),
        readAccounts(client, undefined, signal),
      ]);
      this.#flows.set(flow, detail.appDetails);
      this.#accounts = accounts;
      this.#host.requestUpdate();
    } catch {
      this.#flows.delete(flow);
    }
  }
}
