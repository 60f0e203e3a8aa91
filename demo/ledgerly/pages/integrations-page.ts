import { html } from "hono/html";
import { NOTHING } from "../../http/markup.ts";
import { LOOKS, type PageContext, page } from "./layout.ts";
import { widgetElement, widgetScript } from "./widget-markup.ts";

const leadOf = ({ look }: PageContext) => `Connect ${LOOKS[look]} to the tools that your team works with.`;
const PRESETS = [
  { tag: "", label: "All" },
  { tag: "crm", label: "crm" },
  { tag: "orders", label: "orders" },
  { tag: "crm+newsletter", label: "crm + newsletter" },
  { tag: "-crm", label: "not crm" },
];
const LANGUAGES = {
  ...{ en: "English", de: "Deutsch", fr: "Français", es: "Español", "pt-BR": "Português (Brasil)", it: "Italiano", nl: "Nederlands" },
  ...{ pl: "Polski", ja: "日本語", "zh-CN": "简体中文", ar: "العربية", he: "עברית" },
};
const RTL = new Set(["ar", "he"]);

/** The page that embeds the marketplace, beside a panel that shows what passes between the two. `query` gives the element's attributes. */
export function integrationsPage(context: PageContext, edgeUrl: string, query: Record<string, string>) {
  const { user, theme } = context;
  const languages = Object.entries(LANGUAGES).map(
    ([key, label]) => html`<option value="${key}" ${key === query.lang ? html`selected` : NOTHING}>${label}</option>`,
  );
  const looks = Object.entries(LOOKS).map(
    ([key, label]) => html`<option value="${key}" ${key === context.look ? html`selected` : NOTHING}>${label}</option>`,
  );
  const presets = PRESETS.map(({ tag, label }) => html`<button type="button" class="chip" data-tag="${tag}">${label}</button>`);
  return page({
    ...context,
    title: "Integrations",
    section: "integrations",
    lead: leadOf(context),
    wide: true,
    head: html`<script type="module" src="/assets/integrations.js"></script>${widgetScript(edgeUrl)}`,
    body: html`<div class="split">
<section class="stage" id="stage" aria-label="Marketplace" data-user="${user.id}" data-edge="${edgeUrl}">
  <p class="notice bad" id="missing" role="alert" hidden></p>
  ${widgetElement("inlay-marketplace", { ...query, theme, dir: RTL.has(query.lang ?? "") ? "rtl" : undefined })}
</section>
<aside class="lab" aria-label="Developer panel">
  <h2>Developer panel</h2>
  <p class="hint">What this page and the element say to each other.</p>
  <form class="field" id="tag-form"><label for="tag">Tag</label>
    <div class="row"><input id="tag" value="${query.tag ?? ""}" placeholder="crm+beta billing -internal" autocomplete="off" spellcheck="false" aria-describedby="tag-hint"><button class="quiet">Show</button></div>
    <div class="chips">${presets}</div>
    <p class="hint" id="tag-hint">Space: or. Plus: and. Minus: not.</p></form>
  <form class="field" method="get" action="/integrations"><label for="look">This page as</label>
    <div class="row"><select id="look" name="look">${looks}</select><button class="quiet">Switch</button></div></form>
  <div class="field"><label for="lang">Language</label><select id="lang">${languages}</select></div>
  <div class="field"><span class="label">Host event</span>
    <button type="button" id="pay">Mark invoice paid</button>
    <p class="hint" id="paid" role="status">Raises <code>order.paid</code> for ${user.name}, through Ledgerly’s backend.</p></div>
  <div class="heading small"><h3>DOM events</h3><button type="button" class="quiet small" id="clear">Clear</button></div>
  <div class="events" role="log" aria-label="DOM events" tabindex="0"><ol id="events"></ol></div>
  <p class="hint"><a href="/integrations?csp=strict">The same under a strict content security policy</a></p>
</aside>
</div>`,
  });
}

/** The element as plain HTML under a policy that lets no script of this page's own run: the token comes from the server. */
export const strictPage = (context: PageContext, edgeUrl: string, query: Record<string, string>, token: string) =>
  page({
    ...context,
    title: "Integrations",
    section: "integrations",
    lead: leadOf(context),
    scripts: false,
    head: widgetScript(edgeUrl),
    notice: "Strict content security policy: this page runs no script of its own.",
    aside: html`<a class="button quiet" href="/integrations">Leave strict policy</a>`,
    body: html`<section class="stage" aria-label="Marketplace">${widgetElement("inlay-marketplace", { ...query, theme: context.theme }, token)}</section>`,
  });

/** `LEDGERLY_CONFIG` is not there yet, or not right. Asks again by itself. */
export const startingPage = (context: PageContext, message: string | undefined) =>
  page({
    ...context,
    title: "Integrations",
    section: "integrations",
    head: html`<meta http-equiv="refresh" content="1">`,
    lead: leadOf(context),
    body: html`<p class="empty" role="status">${message ?? "Inlay is starting. This page shows it as soon as it answers."}</p>`,
  });
