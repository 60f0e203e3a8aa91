import { html } from "hono/html";
import type { Markup } from "../../http/markup.ts";
import type { Invoice } from "../book-store.ts";
import { invoiceTable } from "./invoice-table.ts";
import { type PageContext, page } from "./layout.ts";
import { moneyOf } from "./money.ts";

const CHART = { width: 560, height: 150, gap: 18 };
const monthName = (month: string) => new Date(`${month}-01T00:00:00Z`).toLocaleString("en-GB", { month: "short", timeZone: "UTC" });

function chart(months: { month: string; total: number }[], currency: string): Markup {
  const top = Math.max(1, ...months.map(({ total }) => total));
  const width = (CHART.width - CHART.gap * (months.length - 1)) / months.length;
  const bars = months.map(({ month, total }, index) => {
    const height = Math.max(2, (total / top) * CHART.height);
    const x = index * (width + CHART.gap);
    return html`<rect class="${index === months.length - 1 ? "now" : ""}" x="${x}" y="${CHART.height - height}" width="${width}" height="${height}" rx="4"></rect><text x="${x + width / 2}" y="${CHART.height + 20}">${monthName(month)}</text>`;
  });
  const words = months.map(({ month, total }) => `${monthName(month)} ${moneyOf(total, currency)}`).join(", ");
  return html`<svg class="chart" viewBox="0 0 ${CHART.width} ${CHART.height + 26}" role="img" aria-label="Paid by month: ${words}">${bars}</svg>`;
}

/** The sums that a bookkeeper looks at first. */
export function overviewPage(context: PageContext, invoices: Invoice[], months: { month: string; total: number }[]) {
  const { currency } = context.user;
  const sum = (status: Invoice["status"]) => invoices.filter((one) => one.status === status).reduce((total, one) => total + one.total, 0);
  const count = (status: Invoice["status"]) => invoices.filter((one) => one.status === status).length;
  const figure = (label: string, value: string, note: string, kind = "") =>
    html`<div class="figure ${kind}"><dt>${label}</dt><dd>${value}<span>${note}</span></dd></div>`;
  const paidNow = months.at(-1)?.total ?? 0;
  return page({
    ...context,
    title: "Overview",
    section: "overview",
    lead: `Good to see you, ${context.user.name.split(" ")[0]}.`,
    body: html`<div class="overview">
<dl class="figures">
  ${figure("Open", moneyOf(sum("open"), currency), `${count("open")} invoices`)}
  ${figure("Overdue", moneyOf(sum("overdue"), currency), `${count("overdue")} invoices`, "warn")}
  ${figure("Paid this month", moneyOf(paidNow, currency), `${count("paid")} paid in all`)}
</dl>
<section class="panel"><h2>Paid, last six months</h2>${chart(months, currency)}</section>
</div>
<div class="heading small"><h2>Latest invoices</h2><a href="/invoices">All invoices</a></div>
${invoiceTable(invoices.slice(0, 6), currency, false)}`,
  });
}
