import { consume } from "@lit/context";
import { LitElement } from "lit";
import { state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { readPages } from "../api/read-pages.ts";
import { ResourceController } from "../api/resource.ts";
import { apiContext } from "../contexts.ts";
import { define } from "../define.ts";

/**
 * Knows of which flows an integration needs attention, whatever view is shown. Renders nothing; a mark that is missing is no reason to show
 * an error.
 *
 * @fires attention-change - a `Set` of the flows' keys
 */
export class AttentionWatchElement extends LitElement {
  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;

  readonly #flows = new ResourceController<Set<string> | undefined>(this, {
    key: () => this.client && [this.client],
    load: async (signal) => {
      const { client } = this;
      const list = client && (await readPages((cursor) => client.listIntegrations({ cursor }, signal), Number.POSITIVE_INFINITY));
      return list && new Set(list.items.filter(({ status }) => status === "needs_attention").map(({ flow }) => flow));
    },
    settled: ({ value }) => value && this.dispatchEvent(new CustomEvent("attention-change", { detail: value })),
  });

  constructor() {
    super();
    new LiveController(this, (messages) => {
      if (messages.some(({ type }) => type !== "run")) this.#flows.reload();
    });
  }
}

define("inlay-attention-watch", AttentionWatchElement);
