// What the package's types say of the DOM.
import "@inlay/widget/define";
import { type Account, InlayEvent, type InlayEventMap, type MarketplaceElement, type Messages } from "@inlay/widget";

const element = document.createElement("inlay-marketplace");
element satisfies MarketplaceElement;
element.api = "https://edge.example";
element.getToken = async () => "token";
element.layout = "list";
// @ts-expect-error no such layout
element.layout = "rows";
// @ts-expect-error a promise of a token
element.getToken = () => "token";
element.messages = { de: { "view.accounts": "Zugänge", "integrations.tasks": { one: "{count} Task", other: "{count} Tasks" } } };
// @ts-expect-error no such text
const wrong: Messages = { de: { "view.acounts": "Zugänge" } };

const account: Promise<Account> = element.connect("pipeline");
element.open("contacts", { integration: "int_1", prefill: { a: 1 } });
element.close();
element.refresh();
void element.updateComplete;

element.addEventListener("inlay-run-finished", (event) => {
  const tasks: number = event.detail.tasks;
  // @ts-expect-error runs have no such status
  if (event.detail.status === "done") return tasks;
});
document.addEventListener("inlay-ready", (event) => event);
const detail: InlayEventMap["inlay-flow-opened"] = { flow: "contacts" };
new InlayEvent("inlay-flow-opened", detail).detail.flow satisfies string;
// @ts-expect-error another event's detail
new InlayEvent("inlay-flow-opened", { app: "x" });
document.createElement("inlay-setup").flow satisfies string;
document.createElement("inlay-accounts").app satisfies string;
document.createElement("inlay-integrations").view satisfies string;

export { account, wrong };
