import type { Database } from "../data/database.ts";
import type { CompanyKey } from "../data/people.ts";

export interface InvoiceLine {
  description: string;
  quantity: number;
  /** Cents */
  price: number;
}

/** `total` in cents; `overdue` where it is open past `dueOn`. */
export interface Invoice {
  number: string;
  customer: { id: string; name: string; email: string };
  issuedOn: string;
  dueOn: string;
  lines: InvoiceLine[];
  total: number;
  status: "open" | "overdue" | "paid";
  paidAt: string | null;
}

export interface Customer {
  id: string;
  name: string;
  contact: string;
  email: string;
  city: string;
  invoices: number;
  /** Cents that are not paid yet. */
  open: number;
}

interface InvoiceRow {
  number: string;
  customer: string;
  name: string;
  email: string;
  issued_on: string;
  due_on: string;
  lines: string;
  total: number;
  paid_at: string | null;
}

const INVOICE = "SELECT invoices.*, customers.name, customers.email FROM invoices JOIN customers ON customers.id = customer";

const today = () => new Date().toISOString().slice(0, 10);

function toInvoice(row: InvoiceRow): Invoice {
  const lines: InvoiceLine[] = JSON.parse(row.lines);
  const status = row.paid_at ? "paid" : row.due_on < today() ? "overdue" : "open";
  const customer = { id: row.customer, name: row.name, email: row.email };
  return { number: row.number, customer, issuedOn: row.issued_on, dueOn: row.due_on, lines, total: row.total, status, paidAt: row.paid_at };
}

/** Invoices and customers; each method sees those of `org` alone. */
export class BookStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The newest first. */
  listInvoices(org: CompanyKey): Invoice[] {
    return this.#db.all<InvoiceRow>(`${INVOICE} WHERE invoices.org = ? ORDER BY issued_on DESC, number DESC`, org).map(toInvoice);
  }

  findInvoice(org: CompanyKey, number: string): Invoice | undefined {
    const row = this.#db.get<InvoiceRow>(`${INVOICE} WHERE invoices.org = ? AND number = ?`, org, number);
    return row && toInvoice(row);
  }

  listCustomers(org: CompanyKey): Customer[] {
    return this.#db.all<Customer>(
      `SELECT id, name, contact, email, city, (SELECT count(*) FROM invoices WHERE customer = customers.id) AS invoices,
         (SELECT coalesce(sum(total), 0) FROM invoices WHERE customer = customers.id AND paid_at IS NULL) AS open
       FROM customers WHERE org = ? ORDER BY name`,
      org,
    );
  }

  /** The open invoice that is due first. Where all are paid, the newest is billed again, so that there always is one. */
  nextOpenInvoice(org: CompanyKey): Invoice {
    const row = this.#db.get<InvoiceRow>(`${INVOICE} WHERE invoices.org = ? AND paid_at IS NULL ORDER BY due_on, number`, org);
    if (row) return toInvoice(row);
    const [last] = this.listInvoices(org);
    if (!last) throw new Error(`${org} has no invoices`);
    const number = last.number.replace(/\d+$/, (digits) => String(Number(digits) + 1));
    this.#db.run(
      "INSERT INTO invoices (number, org, customer, issued_on, due_on, lines, total) VALUES (?, ?, ?, ?, date('now'), ?, ?)",
      ...[number, org, last.customer.id, today(), JSON.stringify(last.lines), last.total],
    );
    return this.nextOpenInvoice(org);
  }

  /** Answers whether it was open until now. */
  markPaid(org: CompanyKey, number: string): boolean {
    const sql = "UPDATE invoices SET paid_at = ? WHERE org = ? AND number = ? AND paid_at IS NULL";
    return this.#db.run(sql, new Date().toISOString(), org, number) > 0;
  }

  /** What was paid in each of the last `count` months, in cents, the oldest first. */
  paidByMonth(org: CompanyKey, count: number): { month: string; total: number }[] {
    const now = new Date();
    return Array.from({ length: count }, (_, index) => {
      const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + 1 + index, 1)).toISOString().slice(0, 7);
      const sql = "SELECT coalesce(sum(total), 0) AS total FROM invoices WHERE org = ? AND substr(paid_at, 1, 7) = ?";
      return { month, total: this.#db.get<{ total: number }>(sql, org, month)?.total ?? 0 };
    });
  }
}
