import { createHash } from "node:crypto";

export const STATUSES = ["subscribed", "pending", "unsubscribed"] as const;
export type Status = (typeof STATUSES)[number];

/** A member of an audience as the API gives it; `fields` by merge tag. */
export interface Member {
  id: string;
  email: string;
  status: Status;
  fields: Record<string, string>;
  created_at: string;
  updated_at: string;
}

/** What a member can have besides an address. Every audience has the same. */
export const MERGE_FIELDS = [
  { tag: "FNAME", name: "First name", type: "text", required: true, example: "Ada" },
  { tag: "LNAME", name: "Last name", type: "text", required: false, example: "Lovelace" },
  { tag: "COMPANY", name: "Company", type: "text", required: false, example: "Northlight Studio" },
  { tag: "CITY", name: "City", type: "text", required: false, example: "London" },
  { tag: "PHONE", name: "Phone", type: "phone", required: false, example: "+44 20 7946 0018" },
  { tag: "BIRTHDAY", name: "Birthday", type: "date", required: false, example: "1985-12-10" },
  { tag: "SOURCE", name: "Source", type: "text", required: false, example: "website" },
] as const;

export interface FieldFault {
  field: string;
  message: string;
}

export type MemberResult = { ok: true; status: Status; fields: Record<string, string> } | { ok: false; faults: FieldFault[] };

const EMAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;
const RULES: Record<(typeof MERGE_FIELDS)[number]["type"], { fits: RegExp; wish: string }> = {
  text: { fits: /^[^\r\n]{0,255}$/, wish: "must be one line of at most 255 characters" },
  phone: { fits: /^[+()\d\s./-]{5,40}$/, wish: "must be a phone number" },
  date: { fits: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, wish: "must be a day like 1990-12-31" },
};

export const isEmail = (text: string) => text.length <= 254 && EMAIL.test(text);

/** The same address always has the same id. */
export const memberIdOf = (email: string) => createHash("md5").update(email.toLowerCase()).digest("hex");

/**
 * Judges what was sent for a member on top of what is known of it (`before`). Empty text clears a field; a field of an unknown tag, of the
 * wrong type, or a required one that ends up empty is a fault. A member who has confirmed stays subscribed where `pending` is asked for.
 */
export function readMember(input: Record<string, unknown>, before?: Member): MemberResult {
  const faults: FieldFault[] = [];
  const fail = (field: string, message: string) => faults.push({ field, message });
  const wanted = input.status ?? before?.status ?? "subscribed";
  const status = STATUSES.find((one) => one === wanted);
  if (!status) fail("status", `status must be one of ${STATUSES.join(", ")}`);

  const fields: Record<string, string> = { ...before?.fields };
  const sent = input.fields ?? {};
  if (typeof sent !== "object" || Array.isArray(sent)) fail("fields", "fields must be an object with merge tags as keys");
  else
    for (const [tag, value] of Object.entries(sent)) {
      const field = MERGE_FIELDS.find((one) => one.tag === tag);
      const text = typeof value === "number" ? String(value) : (value ?? "");
      if (!field) fail(tag, `${tag} is not a merge field of this audience`);
      else if (typeof text !== "string") fail(tag, `${tag} (${field.name}) must be text`);
      else if (text === "") delete fields[tag];
      else if (!RULES[field.type].fits.test(text)) fail(tag, `${tag} (${field.name}) ${RULES[field.type].wish}`);
      else fields[tag] = text;
    }
  for (const { tag, name, required } of MERGE_FIELDS)
    if (required && !fields[tag] && !faults.some(({ field }) => field === tag))
      fail(tag, `${tag} (${name}) is required and must not be empty`);
  if (faults.length || !status) return { ok: false, faults };
  return { ok: true, status: before?.status === "subscribed" && status === "pending" ? "subscribed" : status, fields };
}
