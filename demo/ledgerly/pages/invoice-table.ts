import { html } from "hono/html";
import { dayOf, type Markup, NOTHING } from "../../http/markup.ts";
import type { Invoice } from "../book-store.ts";
import { moneyOf } from "./money.ts";

/** Invoices as a table; with a button to mark each open one as paid where `canPay`. */
export function invoiceTable(invoices: Invoice[], currency: string, canPay: boolean): Markup {
  const pay = ({ number }: Invoice) =>
    html`<form method="post" action="/invoices/${number}/pay"><button class="quiet small" aria-label="Mark paid: ${number}">Mark paid</button></form>`;
  const row = (invoice: Invoice) => html`<tr>
  <th scope="row"><span class="number">${invoice.number}</span></th>
  <td>${invoice.customer.name}</td>
  <td class="when">${dayOf(invoice.issuedOn)}</td>
  <td class="when">${dayOf(invoice.dueOn)}</td>
  <td><span class="state ${invoice.status}">${invoice.status}</span></td>
  <td class="money">${moneyOf(invoice.total, currency)}</td>
  ${canPay ? html`<td class="act">${invoice.paidAt ? NOTHING : pay(invoice)}</td>` : NOTHING}
</tr>`;
  return html`<div class="table" role="region" aria-label="Invoices" tabindex="0"><table>
<thead><tr><th scope="col">Number</th><th scope="col">Customer</th><th scope="col">Issued</th><th scope="col">Due</th><th scope="col">State</th><th scope="col" class="money">Total</th>${canPay ? html`<td></td>` : NOTHING}</tr></thead>
<tbody>${invoices.map(row)}</tbody></table></div>`;
}
