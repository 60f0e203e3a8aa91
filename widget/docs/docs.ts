// The reference page's script: gives its elements a sample user, whose edge lives in this page, and lets the reader change how they look.
import { FakeEdge } from "../testing/fake-edge.ts";
import { serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, FLOWS, makeAccount, makeIntegration, makeRun, tokenFor } from "../testing/fixtures.ts";

const EVENTS_SHOWN = 40;
const examples = [...document.querySelectorAll<HTMLElement & { token: string }>("[data-example]")];

/** Someone who has set up one integration that runs well and one that asks for attention. */
function sampleEdge(): FakeEdge {
  const edge = new FakeEdge();
  serveForm(edge);
  const [form] = edge.flows;
  edge.flows = form ? [{ ...CONTACTS, setup: form.setup }, ...FLOWS.filter(({ key }) => key !== CONTACTS.key)] : [...FLOWS];
  const now = Date.now();
  const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const run = (id: string, minutes: number) =>
    makeRun(id, { acceptedAt: at(minutes), startedAt: at(minutes), endedAt: new Date(now - minutes * 60_000 + 1_200).toISOString() });
  edge.runs = [run("run_2", 4), run("run_1", 62)];
  edge.accounts = [
    makeAccount("acc_crm", "pipeline", {
      label: "Ada’s Pipeline",
      usedBy: [{ integration: "int_contacts", flow: CONTACTS.key, name: CONTACTS.name }],
    }),
    makeAccount("acc_news", "postbox", { label: "North Ltd", status: "expired" }),
  ];
  edge.integrations = [
    makeIntegration("int_contacts", CONTACTS, { accounts: { crm: "acc_crm", news: "acc_news" } }),
    makeIntegration("int_welcome", FLOWS[1] ?? CONTACTS, {
      status: "needs_attention",
      attention: [{ code: "account_expired", account: "acc_news", message: "Gone", params: { label: "North Ltd", owner: "user" } }],
    }),
  ];
  return edge;
}

/** The reader's choices, on every example. */
function applyControls(form: HTMLFormElement): void {
  const data = new FormData(form);
  for (const example of examples) {
    example.setAttribute("theme", String(data.get("theme")));
    example.setAttribute("lang", String(data.get("lang")));
    example.toggleAttribute("readonly", data.has("readonly"));
    example.style.setProperty("--inlay-color-accent", String(data.get("accent")));
    example.style.setProperty("--inlay-radius", `${data.get("radius")}px`);
  }
}

/** Writes each public event into the log, the newest first. */
function logEvents(log: HTMLElement): void {
  const names = [...document.querySelectorAll("#events td:first-child code")].map(({ textContent }) => textContent ?? "");
  for (const name of names)
    document.addEventListener(name, (event) => {
      const line = document.createElement("li");
      const source = (event.target as Element).localName;
      line.textContent = `${name} ${JSON.stringify((event as CustomEvent).detail)} on <${source}>`;
      log.prepend(line);
      while (log.children.length > EVENTS_SHOWN) log.lastElementChild?.remove();
    });
}

sampleEdge().start();
const log = document.querySelector<HTMLElement>("[data-log]");
if (log) logEvents(log);
const form = document.querySelector<HTMLFormElement>(".controls");
form?.addEventListener("input", () => applyControls(form));
for (const example of examples) example.token = tokenFor("ada");
