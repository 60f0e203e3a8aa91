// Ledgerly's side of the embedding: gives the element its token, binds its attributes to the address bar, shows its events.
const EVENTS = [
  ...["ready", "flows-loaded", "flow-opened", "setup-started", "page-changed", "field-changed", "setup-abandoned"],
  ...["account-connected", "account-failed", "account-disconnected"],
  ...["integration-created", "integration-updated", "integration-enabled", "integration-disabled", "integration-renamed"],
  ...["integration-upgraded", "integration-deleted", "run-finished", "error"],
  ...["before-open", "before-connect", "before-save", "before-disable", "before-delete", "before-disconnect"],
];
const BOUND = ["tag", "category", "search", "layout", "view", "flow", "lang"];
const PLACES = ["view", "flow"];
const LOAD_TIMEOUT_MS = 8000;
const KEPT_EVENTS = 200;

/** @param {string} id */
const byId = (id) => document.getElementById(id);
const stage = byId("stage");
const element = document.querySelector("inlay-marketplace");

async function getToken() {
  const response = await fetch("/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: stage.dataset.user }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.message);
  return body.token;
}

const slow = setTimeout(() => {
  const missing = byId("missing");
  missing.textContent = `The script at ${stage.dataset.edge}/inlay.js did not load. Is Inlay running?`;
  missing.hidden = false;
}, LOAD_TIMEOUT_MS);
customElements.whenDefined("inlay-marketplace").then(() => {
  clearTimeout(slow);
  byId("missing").hidden = true;
  element.getToken = getToken;
});

/** @param {string} tag */
function showTag(tag) {
  if (tag) element.setAttribute("tag", tag);
  else element.removeAttribute("tag");
}

/** The element's attributes in the address, so that a reload and a link lead here; another view or flow is a step of the back button. */
function reflect() {
  const address = new URL(location.href);
  for (const name of BOUND) {
    const value = element.getAttribute(name);
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  const before = new URL(location.href).searchParams;
  const isStep = PLACES.some((name) => before.get(name) !== address.searchParams.get(name));
  if (address.href !== location.href) history[isStep ? "pushState" : "replaceState"](null, "", address);
  document.querySelector("[name=back]").value = address.pathname + address.search;
  const tag = element.getAttribute("tag") ?? "";
  if (document.activeElement !== byId("tag")) byId("tag").value = tag;
  for (const chip of document.querySelectorAll("[data-tag]")) chip.setAttribute("aria-pressed", String(chip.dataset.tag === tag));
}
addEventListener("popstate", () => {
  const { searchParams } = new URL(location.href);
  for (const name of BOUND) {
    const value = searchParams.get(name);
    if (value) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
});
new MutationObserver(reflect).observe(element, { attributes: true, attributeFilter: BOUND });
reflect();

byId("tag-form").addEventListener("submit", (event) => {
  event.preventDefault();
  showTag(byId("tag").value.trim());
});
for (const chip of document.querySelectorAll("[data-tag]"))
  chip.addEventListener("click", () => {
    byId("tag").value = chip.dataset.tag;
    showTag(chip.dataset.tag);
  });
byId("lang").addEventListener("change", (event) => {
  const language = event.currentTarget.value;
  element.lang = language;
  element.dir = ["ar", "he"].includes(language) ? "rtl" : "ltr";
});

/** @param {CustomEvent} event */
function logEvent(event) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  const now = new Date();
  time.dateTime = now.toISOString();
  time.textContent = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
  const name = document.createElement("code");
  name.textContent = event.type;
  const detail = document.createElement("pre");
  detail.textContent = JSON.stringify(event.detail, null, 1)?.replace(/\n\s*/g, " ") ?? "";
  item.append(time, name, detail);
  byId("events").prepend(item);
  while (byId("events").children.length > KEPT_EVENTS) byId("events").lastElementChild.remove();
}
for (const name of EVENTS) element.addEventListener(`inlay-${name}`, logEvent);
byId("clear").addEventListener("click", () => byId("events").replaceChildren());

byId("pay").addEventListener("click", async () => {
  byId("pay").disabled = true;
  byId("paid").textContent = await payNext().catch(() => "Ledgerly did not answer. Try again.");
  byId("pay").disabled = false;
});

async function payNext() {
  const response = await fetch("/invoices/next/pay", { method: "POST" });
  const body = await response.json();
  if (!response.ok) return body.message;
  const { invoice, event } = body;
  const total = invoice.total.toLocaleString("en-GB", { style: "currency", currency: invoice.currency });
  const outcome = {
    sent: "order.paid was raised.",
    waiting: `order.paid is sent again by itself. ${event.answer}`,
    refused: `order.paid was not taken. ${event.answer}`,
  };
  return `${invoice.id} (${total}) is paid. ${outcome[event.state]}`;
}
