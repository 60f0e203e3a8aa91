import { Hono } from "hono";
import { COMPANIES } from "../data/people.ts";
import { readJsonObject, wholeNumber } from "../http/form.ts";
import { type ApiEnv, requireScope, requireToken } from "./api-access.ts";
import { CONTACT_FIELDS, readContactChanges } from "./contact.ts";
import type { ContactPosition, ContactStore } from "./contact-store.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";
import { rateLimit, type TokenBuckets } from "./rate-limit.ts";
import { keyOfSecret } from "./sign-webhook.ts";
import type { TokenStore } from "./token-store.ts";
import type { WebhookStore } from "./webhook-store.ts";

export interface ApiDeps {
  contacts: ContactStore;
  tokens: TokenStore;
  webhooks: WebhookStore;
  idempotency: IdempotencyStore;
  buckets: TokenBuckets;
}

const PAGE_SIZE = { min: 1, max: 100, fallback: 50 };

const writeCursor = ({ updatedAt, id }: ContactPosition) => Buffer.from(JSON.stringify([updatedAt, id])).toString("base64url");

function readCursor(cursor: string): ContactPosition | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (!Array.isArray(parts)) return undefined;
    const [updatedAt, id]: unknown[] = parts;
    return typeof updatedAt === "string" && typeof id === "string" ? { updatedAt, id } : undefined;
  } catch {
    return undefined;
  }
}

/** Pipeline's public API. Refusals are `{ok: false, error, message}`. */
export function apiRoutes({ contacts, tokens, webhooks, idempotency, buckets }: ApiDeps) {
  const refuse = (error: string, message: string) => ({ ok: false, error, message });
  return new Hono<ApiEnv>()
    .use(requireToken(tokens), rateLimit(buckets))
    .get("/me", (c) => {
      const { company, person } = c.var.access;
      const account = { id: `co_${company}`, name: COMPANIES[company].name };
      return c.json({ account, person: { id: person.id, name: person.name, email: person.email } });
    })
    .get("/fields", (c) => c.json({ fields: CONTACT_FIELDS }))
    .get("/tags", requireScope("contacts.read"), (c) => c.json({ tags: contacts.tags(c.var.access.company, c.req.query("q") ?? "") }))
    .get("/contacts", requireScope("contacts.read"), (c) => {
      const { cursor, tag = "", updated_after: since } = c.req.query();
      const limit = wholeNumber(c.req.query("limit"), PAGE_SIZE);
      if (limit === undefined) return c.json(refuse("invalid_limit", "limit must be a whole number from 1 to 100"), 400);
      const after = cursor ? readCursor(cursor) : undefined;
      if (cursor && !after) return c.json(refuse("invalid_cursor", "cursor must be a next_cursor from an earlier answer"), 400);
      if (since && Number.isNaN(Date.parse(since)))
        return c.json(refuse("invalid_updated_after", "updated_after must be an ISO 8601 time, such as 2026-01-31T09:00:00Z"), 400);
      const updatedAfter = since ? new Date(since).toISOString() : "";
      const found = contacts.list(c.var.access.company, { updatedAfter, tag, after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return c.json({ contacts: page, next_cursor: last ? writeCursor({ updatedAt: last.updated_at, id: last.id }) : null });
    })
    .get("/contacts/:id", requireScope("contacts.read"), (c) => {
      const contact = contacts.find(c.var.access.company, c.req.param("id"));
      return contact ? c.json(contact) : c.json(refuse("not_found", "There is no contact with this id"), 404);
    })
    .patch("/contacts/:id", requireScope("contacts.write"), async (c) => {
      const { company } = c.var.access;
      const id = c.req.param("id");
      const body = await readJsonObject(c);
      if (!body) return c.json(refuse("invalid_json", "Send a JSON object with the fields to change"), 400);
      const key = c.req.header("Idempotency-Key");
      const request = `PATCH ${id} ${JSON.stringify(body)}`;
      const earlier = key ? idempotency.find(company, key) : undefined;
      if (earlier && earlier.request !== request)
        return c.json(refuse("idempotency_key_reused", "This Idempotency-Key was used for another request"), 422);
      if (earlier) return c.body(earlier.body, earlier.status, { "Content-Type": "application/json", "Idempotent-Replayed": "true" });

      const input = readContactChanges(body);
      if (!input.ok)
        return c.json({ ...refuse("invalid_fields", input.errors.map(({ message }) => message).join(". ")), errors: input.errors }, 400);
      const saved = contacts.change(company, id, input.changes);
      const { status, answer } = saved.ok
        ? { status: 200 as const, answer: saved.contact }
        : {
            missing: { status: 404 as const, answer: refuse("not_found", "There is no contact with this id") },
            duplicate: { status: 409 as const, answer: refuse("duplicate_email", "Another contact has this email address") },
          }[saved.reason];
      if (key) idempotency.keep(company, key, { request, status, body: JSON.stringify(answer) });
      return c.json(answer, status);
    })
    .post("/webhooks", requireScope("contacts.read"), async (c) => {
      const { url, event, secret } = (await readJsonObject(c)) ?? {};
      if (typeof url !== "string" || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
        return c.json(refuse("invalid_url", "url must be an http or https address"), 400);
      if (event !== "contact.changed") return c.json(refuse("invalid_event", "event must be contact.changed"), 400);
      if (typeof secret !== "string" || !keyOfSecret(secret))
        return c.json(refuse("invalid_secret", "secret must be whsec_ and base64 of 16 to 64 random bytes"), 400);
      const { company, grant } = c.var.access;
      return c.json({ id: webhooks.subscribe(company, grant, { url, event, secret }), url, event }, 201);
    })
    .delete("/webhooks/:id", requireScope("contacts.read"), (c) => {
      const isRemoved = webhooks.unsubscribe(c.var.access.company, c.req.param("id"));
      return isRemoved ? c.body(null, 204) : c.json(refuse("not_found", "There is no webhook with this id"), 404);
    })
    .all("*", (c) => c.json(refuse("not_found", `${c.req.method} ${c.req.path} is not part of the API`), 404));
}
