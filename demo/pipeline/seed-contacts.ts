import type { Database } from "../data/database.ts";
import { type CompanyKey, inventPeople, pick, seededRandom } from "../data/people.ts";

const TAGS = ["vip", "partner", "lead", "newsletter", "customer", "event 2026"];
const TITLES = ["Founder", "Head of Marketing", "Buyer", "Operations Lead", "Designer", "Office Manager", "Finance Director", "Editor"];
const PLANS = ["starter", "team", "business"];
const FIRST_CHANGE = Date.UTC(2026, 0, 5, 8);
const HOUR = 3_600_000;
const SEEDS: Record<CompanyKey, { seed: number; count: number; firstId: number }> = {
  north: { seed: 1815, count: 524, firstId: 1 },
  south: { seed: 1906, count: 86, firstId: 5001 },
};

/** Fills an empty table with the same contacts on every machine: some without a phone, all with an address. */
export function seedContacts(db: Database): void {
  if (db.get("SELECT id FROM contacts LIMIT 1")) return;
  db.transaction(() => {
    for (const [owner, { seed, count, firstId }] of Object.entries(SEEDS)) {
      const random = seededRandom(seed);
      const roll = (share: number) => random() < share;
      inventPeople(random, count).forEach((person, index) => {
        const updated = new Date(FIRST_CHANGE + index * 11 * HOUR).toISOString();
        const birthday = new Date(Date.UTC(1958 + Math.floor(random() * 46), 0, 1 + Math.floor(random() * 365))).toISOString().slice(0, 10);
        db.run(
          "INSERT INTO contacts (id, owner, name, email, phone, company, title, city, birthday, plan, tags, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          ...[`c_${firstId + index}`, owner, person.name, person.email, roll(0.3) ? null : person.phone],
          ...[person.company, pick(random, TITLES), person.city, roll(0.5) ? birthday : null, roll(0.6) ? pick(random, PLANS) : null],
          ...[JSON.stringify(TAGS.filter((tag) => roll(tag === "vip" ? 0.08 : 0.22))), updated, updated],
        );
      });
    }
  });
}
