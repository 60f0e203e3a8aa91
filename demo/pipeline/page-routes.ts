import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { PEOPLE, type Person } from "../data/people.ts";
import { localPath, readForm, wholeNumber } from "../http/form.ts";
import type { Sessions } from "../http/sessions.ts";
import { readContactChanges } from "./contact.ts";
import type { ContactStore } from "./contact-store.ts";
import type { OAuthClient } from "./oauth-client.ts";
import { apiPage } from "./pages/api-page.ts";
import { appsPage } from "./pages/apps-page.ts";
import { contactFormPage, formChanges, formValues } from "./pages/contact-form-page.ts";
import { contactListPage } from "./pages/contact-list-page.ts";
import { messagePage } from "./pages/message-page.ts";
import { signInPage } from "./pages/sign-in-page.ts";
import { webhooksPage } from "./pages/webhooks-page.ts";
import type { TokenStore } from "./token-store.ts";
import type { WebhookStore } from "./webhook-store.ts";

export interface PageDeps {
  client: OAuthClient;
  contacts: ContactStore;
  sessions: Sessions;
  tokens: TokenStore;
  webhooks: WebhookStore;
  origin(): string;
}

const PAGE_SIZE = 25;
const DUPLICATE = [{ field: "email", message: "Another contact has this address" }];
const NOTICES: Record<string, string> = {
  saved: "Saved",
  added: "Contact added",
  revoked: "Access revoked",
  renewed: "The token was replaced",
};

/** The pages where a person sees and edits the company's data. All but the sign-in ask for a session. */
export function pageRoutes({ client, contacts, sessions, tokens, webhooks, origin }: PageDeps) {
  const signedIn = createMiddleware<{ Variables: { person: Person } }>(async (c, next) => {
    const person = sessions.personOf(c);
    if (!person) return c.html(signInPage({ next: c.req.path, reason: "Your contacts, companies and deals" }));
    c.set("person", person);
    return next();
  });
  const noticeOf = (query: string | undefined) => (query ? NOTICES[query] : undefined);

  const session = new Hono()
    .post("/sign-in", async (c) => {
      const form = await readForm(c);
      const person = PEOPLE.find(({ id }) => id === form.person);
      if (!person) return c.html(messagePage("Who are you?", "Choose one of the people on the sign-in page."), 400);
      sessions.start(c, person);
      return c.redirect(localPath(form.next), 303);
    })
    .post("/sign-out", async (c) => {
      sessions.end(c);
      return c.redirect(localPath((await readForm(c)).next), 303);
    });

  const product = new Hono<{ Variables: { person: Person } }>()
    .use(signedIn)
    .get("/", (c) => c.redirect("/contacts"))
    .get("/contacts", (c) => {
      const { person } = c.var;
      const search = c.req.query("q")?.trim() ?? "";
      const page = wholeNumber(c.req.query("page"), { min: 1, max: 10_000, fallback: 1 }) ?? 1;
      const found = contacts.search(person.company, search, page, PAGE_SIZE);
      return c.html(contactListPage({ person, ...found, search, page, size: PAGE_SIZE, notice: noticeOf(c.req.query("notice")) }));
    })
    .get("/contacts/new", (c) => c.html(contactFormPage({ person: c.var.person, values: {}, errors: [] })))
    .post("/contacts", async (c) => {
      const { person } = c.var;
      const values = await readForm(c);
      const input = readContactChanges({ name: "", ...formChanges(values) });
      if (!input.ok) return c.html(contactFormPage({ person, values, errors: input.errors }), 422);
      const saved = contacts.create(person.company, { name: "", ...input.changes });
      if (!saved.ok) return c.html(contactFormPage({ person, values, errors: DUPLICATE }), 422);
      return c.redirect(`/contacts/${saved.contact.id}?notice=added`, 303);
    })
    .get("/contacts/:id", (c) => {
      const { person } = c.var;
      const contact = contacts.find(person.company, c.req.param("id"));
      if (!contact) return c.notFound();
      return c.html(contactFormPage({ person, contact, values: formValues(contact), errors: [], notice: noticeOf(c.req.query("notice")) }));
    })
    .post("/contacts/:id", async (c) => {
      const { person } = c.var;
      const contact = contacts.find(person.company, c.req.param("id"));
      if (!contact) return c.notFound();
      const values = await readForm(c);
      const input = readContactChanges(formChanges(values));
      if (!input.ok) return c.html(contactFormPage({ person, contact, values, errors: input.errors }), 422);
      const saved = contacts.change(person.company, contact.id, input.changes);
      if (!saved.ok) return c.html(contactFormPage({ person, contact, values, errors: DUPLICATE }), 422);
      return c.redirect(`/contacts/${contact.id}?notice=saved`, 303);
    })
    .get("/webhooks", (c) => {
      const { person } = c.var;
      const { company } = person;
      return c.html(webhooksPage({ person, webhooks: webhooks.list(company), deliveries: webhooks.listDeliveries(company, 50) }));
    })
    .get("/apps", (c) => {
      const { person } = c.var;
      const apps = tokens.listGrants(person).map((grant) => ({ ...grant, name: grant.client === client.id ? client.name : grant.client }));
      return c.html(appsPage({ person, apps, notice: noticeOf(c.req.query("notice")) }));
    })
    .post("/apps/:grant/revoke", (c) => {
      tokens.removeGrant(c.var.person, c.req.param("grant"));
      return c.redirect("/apps?notice=revoked", 303);
    })
    .get("/settings/api", (c) => {
      const { person } = c.var;
      const token = tokens.personalToken(person.company) ?? "";
      return c.html(apiPage({ person, token, origin: origin(), notice: noticeOf(c.req.query("notice")) }));
    })
    .post("/settings/api/renew", (c) => {
      tokens.setPersonalToken(c.var.person.company);
      return c.redirect("/settings/api?notice=renewed", 303);
    });

  return new Hono().route("/", session).route("/", product);
}
