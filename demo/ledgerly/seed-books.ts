import type { Database } from "../data/database.ts";
import { type CompanyKey, inventPeople, pick, seededRandom } from "../data/people.ts";

interface Service {
  description: string;
  price: number;
  most: number;
}

const BOOKS: Record<CompanyKey, { prefix: string; seed: number; customers: number; invoices: number; services: Service[] }> = {
  north: {
    prefix: "NL-20",
    seed: 11,
    customers: 12,
    invoices: 34,
    services: [
      { description: "Brand workshop", price: 180_000, most: 2 },
      { description: "Interface design, day", price: 92_000, most: 8 },
      { description: "Icon set", price: 64_000, most: 1 },
      { description: "Illustration", price: 38_500, most: 6 },
      { description: "Design support, hour", price: 11_500, most: 12 },
    ],
  },
  south: {
    prefix: "SB-70",
    seed: 23,
    customers: 8,
    invoices: 19,
    services: [
      { description: "Container, Long Beach to Reno", price: 148_000, most: 4 },
      { description: "Pallet storage, week", price: 3_900, most: 30 },
      { description: "Customs handling", price: 21_500, most: 2 },
      { description: "Local delivery", price: 12_800, most: 9 },
    ],
  },
};
const DAY = 86_400_000;

/** Fills empty tables: the same customers and sums on every machine, dated back from today so that some are due and some are late. */
export function seedBooks(db: Database, now: number = Date.now()): void {
  if (db.get("SELECT id FROM customers LIMIT 1")) return;
  const dayAt = (time: number) => new Date(time).toISOString().slice(0, 10);
  db.transaction(() => {
    for (const [org, book] of Object.entries(BOOKS)) {
      const random = seededRandom(book.seed);
      const firms = new Map(inventPeople(random, 60).map((person) => [person.company, person]));
      const customers = [...firms.values()].slice(0, book.customers).map((person, index) => ({ ...person, id: `cus_${org}_${index + 1}` }));
      for (const { id, company, name, email, city } of customers)
        db.run(
          "INSERT INTO customers (id, org, name, contact, email, city) VALUES (?, ?, ?, ?, ?, ?)",
          id,
          org,
          company,
          name,
          email,
          city,
        );
      for (let index = 0; index < book.invoices; index++) {
        const issued = now - Math.round((book.invoices - index) * 5.2 - 2) * DAY;
        const due = issued + 14 * DAY;
        const chosen = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, book.services)));
        const lines = [...chosen].map(({ description, price, most }) => ({
          description,
          price,
          quantity: 1 + Math.floor(random() * most),
        }));
        const total = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
        const paidAt = issued + (3 + Math.floor(random() * 10)) * DAY;
        const paid = random() < 0.84 && paidAt < now ? new Date(paidAt).toISOString() : null;
        db.run(
          "INSERT INTO invoices (number, org, customer, issued_on, due_on, lines, total, paid_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          ...[`${book.prefix}${String(index + 1).padStart(2, "0")}`, org, pick(random, customers).id, dayAt(issued), dayAt(due)],
          ...[JSON.stringify(lines), total, paid],
        );
      }
    }
  });
}
