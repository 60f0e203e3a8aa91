// Which source field belongs to which target field, guessed by name. Pure.
import type { Option } from "../../shared/api/flow.ts";

/** Values of a source and of a target option. */
export interface Pair {
  from: Option["value"];
  to: Option["value"];
}

/** Words that apps use for the same thing, each as the first of its row. */
const SYNONYMS: readonly (readonly string[])[] = [
  ["email", "mail", "emailaddress", "mailaddress"],
  ["firstname", "fname", "givenname", "forename"],
  ["lastname", "lname", "surname", "familyname"],
  ["name", "fullname", "displayname"],
  ["phone", "phonenumber", "tel", "telephone", "mobile", "cell"],
  ["company", "companyname", "organization", "organisation", "org", "employer"],
  ["zip", "zipcode", "postcode", "postalcode"],
  ["street", "address", "streetaddress", "address1", "addressline1"],
  ["city", "town"],
  ["birthday", "birthdate", "dateofbirth", "dob"],
  ["title", "jobtitle", "position"],
  ["website", "url", "homepage", "web"],
  ["notes", "note", "comment", "comments"],
];

/** `E-mail address` and `EMAIL_ADDRESS` both become `email`: letters and digits, lower case, no accents, synonyms folded. */
export function normaliseName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
  return SYNONYMS.find((row) => row.includes(plain))?.[0] ?? plain;
}

/**
 * Pairs for the targets that `taken` leaves open, the surest first: the same key or label, then the same after synonyms. A source is used
 * for one target; a target's type, where both sides tell theirs, must agree.
 */
export function suggestPairs(from: readonly Option[], to: readonly Option[], taken: readonly Pair[]): Pair[] {
  const usedTargets = new Set(taken.map((pair) => pair.to));
  const usedSources = new Set(taken.map((pair) => pair.from));
  const pairs: Pair[] = [];
  for (const rank of [isSame, isAlike]) {
    for (const target of to) {
      if (usedTargets.has(target.value)) continue;
      const source = from.find((one) => !usedSources.has(one.value) && agree(one.type, target.type) && rank(one, target));
      if (!source) continue;
      const pair = { from: source.value, to: target.value };
      pairs.push(pair);
      usedTargets.add(pair.to);
      usedSources.add(pair.from);
    }
  }
  return pairs;
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
const names = (option: Option) => [String(option.value), option.label];

const isSame = (a: Option, b: Option) => names(a).some((one) => plain(one) !== "" && names(b).some((other) => plain(one) === plain(other)));
const isAlike = (a: Option, b: Option) =>
  names(a).some((one) => normaliseName(one) !== "" && names(b).some((other) => normaliseName(one) === normaliseName(other)));

const TEXT_LIKE = new Set(["text", "string", "email", "phone", "url"]);
/** Types agree unless both are told, differ, and neither takes any text. */
const agree = (a: string | undefined, b: string | undefined) =>
  a === undefined || b === undefined || a === b || TEXT_LIKE.has(a) || TEXT_LIKE.has(b);
