import { html } from "hono/html";
import type { Customer, Invoice } from "../book-store.ts";
import { invoiceTable } from "./invoice-table.ts";
import { type PageContext, page } from "./layout.ts";
import { moneyOf } from "./money.ts";

/** All invoices, each open one with a button. */
export const invoicesPage = (context: PageContext, invoices: Invoice[], notice: string | undefined) =>
  page({
    ...context,
    title: "Invoices",
    section: "invoices",
    notice,
    lead: `${invoices.length} invoices, ${invoices.filter(({ status }) => status === "overdue").length} of them overdue.`,
    body: invoiceTable(invoices, context.user.currency, true),
  });

/** All customers with what they owe. */
export function customersPage(context: PageContext, customers: Customer[]) {
  const { currency } = context.user;
  const row = (customer: Customer) => html`<tr>
  <th scope="row">${customer.name}</th><td>${customer.contact}</td><td>${customer.email}</td><td>${customer.city}</td>
  <td class="money">${customer.invoices}</td><td class="money">${customer.open ? moneyOf(customer.open, currency) : html`<span class="none">–</span>`}</td></tr>`;
  return page({
    ...context,
    title: "Customers",
    section: "customers",
    lead: "Who you bill, and what is still open.",
    body: html`<div class="table" role="region" aria-label="Customers" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Contact</th><th scope="col">Email</th><th scope="col">City</th><th scope="col" class="money">Invoices</th><th scope="col" class="money">Open</th></tr></thead>
<tbody>${customers.map(row)}</tbody></table></div>`,
  });
}
