import fc from "fast-check";
import { expect, test } from "vitest";
import type { Option } from "../../shared/api/flow.ts";
import { normaliseName, suggestPairs } from "./suggest-pairs.ts";

const option = (value: string, label = value, type?: string): Option => ({ value, label, ...(type && { type }) });

test("names that apps write differently mean the same", () => {
  expect(normaliseName("E-Mail Address")).toBe("email");
  expect(normaliseName("FNAME")).toBe(normaliseName("First name"));
  expect(normaliseName("Prénom")).toBe("prenom");
  expect(normaliseName("Téléphone")).not.toBe("");
});

test("the same key or label pairs before a synonym does", () => {
  const from = [option("mail", "Private mail"), option("email", "E-mail")];
  expect(suggestPairs(from, [option("EMAIL", "Address")], [])).toEqual([{ from: "email", to: "EMAIL" }]);
});

test("synonyms pair what is left", () => {
  const from = [option("first_name"), option("last_name"), option("phone")];
  const to = [option("FNAME", "First name"), option("LNAME", "Surname"), option("PHONE", "Phone number")];
  expect(suggestPairs(from, to, [])).toEqual([
    { from: "first_name", to: "FNAME" },
    { from: "phone", to: "PHONE" },
    { from: "last_name", to: "LNAME" },
  ]);
});

test("what is mapped already stays as it is, and nothing without a likeness is guessed", () => {
  const from = [option("email"), option("name")];
  const to = [option("EMAIL"), option("NAME"), option("COLOUR")];
  expect(suggestPairs(from, to, [{ from: "name", to: "EMAIL" }])).toEqual([]);
});

test("a number is not suggested for a date", () => {
  expect(suggestPairs([option("born", "Birthday", "number")], [option("BDAY", "Birthday", "date")], [])).toEqual([]);
});

test("no source and no target is ever used twice", () => {
  const options = fc.array(fc.constantFrom("email", "E-mail", "mail", "name", "Full name", "x", "").map((value) => option(value)));
  fc.assert(
    fc.property(options, options, (from, to) => {
      const pairs = suggestPairs(from, to, []);
      expect(new Set(pairs.map((pair) => pair.from)).size).toBe(pairs.length);
      expect(new Set(pairs.map((pair) => pair.to)).size).toBe(pairs.length);
    }),
  );
});
