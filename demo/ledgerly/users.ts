import { COMPANIES, type CompanyKey, PEOPLE, type Person } from "../data/people.ts";

/** A user of Ledgerly as its backend knows it; `org` is the customer of Ledgerly that the user works for. */
export interface LedgerlyUser extends Person {
  org: CompanyKey;
  orgName: string;
  locale: string;
  currency: string;
  attributes: Record<string, string>;
}

const DETAILS = {
  ada: { locale: "en-GB", currency: "EUR", attributes: { timezone: "Europe/Berlin", plan: "business", role: "owner" } },
  grace: { locale: "en-US", currency: "USD", attributes: { timezone: "America/New_York", plan: "starter", role: "admin" } },
};

export const USERS: readonly LedgerlyUser[] = PEOPLE.map((person) => {
  const { name } = COMPANIES[person.company];
  return { ...person, ...DETAILS[person.id], org: person.company, orgName: name };
});

export const findUser = (id: unknown): LedgerlyUser | undefined => USERS.find((user) => user.id === id);
