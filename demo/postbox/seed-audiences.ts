import { createHash } from "node:crypto";
import type { Database } from "../data/database.ts";
import { type CompanyKey, inventPeople, seededRandom } from "../data/people.ts";

/** Name and number of members of each audience. */
const AUDIENCES: Record<CompanyKey, readonly (readonly [string, number])[]> = {
  north: [
    ["Product news", 12],
    ["Customer stories", 34],
    ["Partner bulletin", 9],
    ["Workshop invitations", 21],
    ["Press list", 6],
    ["Beta testers", 0],
  ],
  south: [
    ["Harbour dispatch", 18],
    ["Rate changes", 7],
    ["Driver news", 0],
  ],
};
const FIRST_DAY = Date.UTC(2026, 1, 2, 9);
const DAY = 86_400_000;

/** Fills empty tables with the same audiences, ids and members on every machine. */
export function seedAudiences(db: Database): void {
  if (db.get("SELECT id FROM audiences LIMIT 1")) return;
  db.transaction(() => {
    for (const [owner, audiences] of Object.entries(AUDIENCES))
      audiences.forEach(([name, count], index) => {
        const id = `aud_${createHash("sha256").update(`${owner} ${name}`).digest("hex").slice(0, 10)}`;
        const created = new Date(FIRST_DAY + index * 9 * DAY).toISOString();
        db.run("INSERT INTO audiences (id, owner, name, created_at) VALUES (?, ?, ?, ?)", id, owner, name, created);
        const random = seededRandom(7000 + index * 31 + owner.length * 1000 + (owner === "south" ? 500 : 0));
        inventPeople(random, count).forEach((person, nth) => {
          const [first = "", ...rest] = person.name.split(" ");
          const at = new Date(FIRST_DAY + (nth + 3) * DAY + index * 3_600_000).toISOString();
          const fields = JSON.stringify({ FNAME: first, LNAME: rest.join(" "), CITY: person.city, SOURCE: "website" });
          const status = random() < 0.12 ? "pending" : "subscribed";
          const email = `${first}.${rest.join(".")}@mail.example`.toLowerCase();
          const sql = "INSERT INTO members (audience, email, status, fields, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)";
          db.run(sql, id, email, status, fields, at, at);
        });
      });
  });
}
