import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { at, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import "../ui/ask-name.ts";
import type { FlowInfo } from "./flow-api.ts";
import { say } from "./words.ts";

interface Fallout {
  integrations: number;
  users: number;
  versions: number;
}

/**
 * Says what goes with a flow, asks for its name, and puts it into the bin, from where it can be taken back.
 *
 * @fires delete-close
 */
export class DeleteFlowElement extends LitElement {
  @property({ attribute: false }) info!: FlowInfo;
  readonly #fallout = new ResourceController<Fallout>(this, {
    key: () => [this.info.key],
    load: (signal) => workspace(`flows/${at(this.info.key)}/fallout`, { signal }),
  });

  override render(): TemplateResult {
    const { name, integrations, versions } = this.info;
    const fallout = this.#fallout.value ?? { integrations, versions, users: integrations };
    const text = say("deleteText", {
      versions: say("deleteVersions", { count: fallout.versions }),
      integrations: say("deleteIntegrations", { count: fallout.integrations }),
      users: say("deleteUsers", { count: fallout.users }),
    });
    return html`<inlay-console-ask-name
      heading=${say("deleteTitle", { name })}
      text=${text}
      name=${name}
      label=${say("deleteNow")}
      .act=${this.#delete}
      @name-close=${() => this.dispatchEvent(new CustomEvent("delete-close"))}
    ></inlay-console-ask-name>`;
  }

  readonly #delete = async (): Promise<void> => {
    const { key, name } = this.info;
    await workspace(`flows/${at(key)}`, { method: "DELETE", query: { confirm: name } });
    const restore = () => workspace(`bin/${at(key)}/restore`, { method: "POST" }).then(() => go(hrefOf(`/flows/${at(key)}`)));
    notify(this, { text: say("deleted", { name }), undo: restore });
    go(hrefOf("/flows"));
  };
}

define("inlay-console-delete-flow", DeleteFlowElement);
