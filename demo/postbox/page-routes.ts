import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { PEOPLE, type Person } from "../data/people.ts";
import { localPath, readForm, wholeNumber } from "../http/form.ts";
import type { Sessions } from "../http/sessions.ts";
import type { AudienceStore } from "./audience-store.ts";
import type { KeyStore } from "./key-store.ts";
import { isEmail, MERGE_FIELDS, readMember } from "./member.ts";
import { audienceListPage } from "./pages/audience-list-page.ts";
import { keysPage } from "./pages/keys-page.ts";
import { memberFormPage } from "./pages/member-form-page.ts";
import { memberListPage } from "./pages/member-list-page.ts";
import { messagePage } from "./pages/message-page.ts";
import { requestsPage } from "./pages/requests-page.ts";
import { signInPage } from "./pages/sign-in-page.ts";
import type { RequestLog } from "./request-log.ts";

export interface PageDeps {
  audiences: AudienceStore;
  keys: KeyStore;
  log: RequestLog;
  sessions: Sessions;
  requestsPerSecond: number;
  origin(): string;
}

const PAGE_SIZE = 50;
const NOTICES: Record<string, string> = { saved: "Saved", removed: "Removed from the audience", replaced: "The key was replaced" };

const mergeFieldsOf = (form: Record<string, string>) => Object.fromEntries(MERGE_FIELDS.map(({ tag }) => [tag, form[tag] ?? ""]));

/** The pages where a person sees and edits the company's audiences. All but the sign-in ask for a session. */
export function pageRoutes({ audiences, keys, log, sessions, requestsPerSecond, origin }: PageDeps) {
  const signedIn = createMiddleware<{ Variables: { person: Person } }>(async (c, next) => {
    const person = sessions.personOf(c);
    if (!person) return c.html(signInPage(c.req.method === "GET" ? c.req.path : "/"));
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
    .post("/sign-out", (c) => {
      sessions.end(c);
      return c.redirect("/", 303);
    });

  const product = new Hono<{ Variables: { person: Person } }>()
    .use(signedIn)
    .get("/", (c) => c.redirect("/audiences"))
    .get("/audiences", (c) => {
      const { person } = c.var;
      return c.html(audienceListPage({ person, ...audiences.list(person.company, "", 100, 0) }));
    })
    .post("/audiences", async (c) => {
      const { person } = c.var;
      const { name = "" } = await readForm(c);
      if (name && name.length <= 80) return c.redirect(`/audiences/${audiences.create(person.company, name)}`, 303);
      const error = "Enter a name of at most 80 characters";
      return c.html(audienceListPage({ person, ...audiences.list(person.company, "", 100, 0), error }), 422);
    })
    .get("/audiences/:audience", (c) => {
      const { person } = c.var;
      const audience = audiences.find(person.company, c.req.param("audience"));
      if (!audience) return c.notFound();
      const search = c.req.query("q")?.trim() ?? "";
      const page = wholeNumber(c.req.query("page"), { min: 1, max: 10_000, fallback: 1 }) ?? 1;
      const found = audiences.listMembers(audience, search, PAGE_SIZE, (page - 1) * PAGE_SIZE);
      return c.html(memberListPage({ person, audience, ...found, search, page, size: PAGE_SIZE, notice: noticeOf(c.req.query("notice")) }));
    })
    .get("/audiences/:audience/members/new", (c) => {
      const audience = audiences.find(c.var.person.company, c.req.param("audience"));
      return audience ? c.html(memberFormPage({ person: c.var.person, audience })) : c.notFound();
    })
    .post("/audiences/:audience/members", async (c) => {
      const { person } = c.var;
      const audience = audiences.find(person.company, c.req.param("audience"));
      if (!audience) return c.notFound();
      const typed = await readForm(c);
      const { email = "", status } = typed;
      const input = readMember({ status, fields: mergeFieldsOf(typed) });
      const faults = input.ok ? [] : input.faults;
      if (!isEmail(email)) faults.push({ field: "email", message: "Enter an address like name@example.com" });
      else if (audiences.findMember(audience, email)) faults.push({ field: "email", message: "This address is a member already" });
      if (!input.ok || faults.length) return c.html(memberFormPage({ person, audience, typed, faults }), 422);
      audiences.putMember(audience, email, input.status, input.fields);
      return c.redirect(`/audiences/${audience.id}?notice=saved`, 303);
    })
    .get("/audiences/:audience/members/:email", (c) => {
      const { person } = c.var;
      const audience = audiences.find(person.company, c.req.param("audience"));
      const member = audience && audiences.findMember(audience, c.req.param("email"));
      return audience && member ? c.html(memberFormPage({ person, audience, member })) : c.notFound();
    })
    .post("/audiences/:audience/members/:email", async (c) => {
      const { person } = c.var;
      const audience = audiences.find(person.company, c.req.param("audience"));
      const member = audience && audiences.findMember(audience, c.req.param("email"));
      if (!audience || !member) return c.notFound();
      const typed = await readForm(c);
      const input = readMember({ status: typed.status, fields: mergeFieldsOf(typed) });
      if (!input.ok) return c.html(memberFormPage({ person, audience, member, typed, faults: input.faults }), 422);
      audiences.putMember(audience, member.email, input.status, input.fields);
      return c.redirect(`/audiences/${audience.id}?notice=saved`, 303);
    })
    .post("/audiences/:audience/members/:email/remove", (c) => {
      const audience = audiences.find(c.var.person.company, c.req.param("audience"));
      if (!audience) return c.notFound();
      audiences.removeMember(audience, c.req.param("email"));
      return c.redirect(`/audiences/${audience.id}?notice=removed`, 303);
    })
    .get("/keys", (c) => {
      const { person } = c.var;
      const key = keys.keyOf(person.company) ?? "";
      return c.html(keysPage({ person, key, origin: origin(), limit: requestsPerSecond, notice: noticeOf(c.req.query("notice")) }));
    })
    .post("/keys/replace", (c) => {
      keys.replace(c.var.person.company);
      return c.redirect("/keys?notice=replaced", 303);
    })
    .get("/requests", (c) => {
      const { person } = c.var;
      return c.html(requestsPage({ person, requests: log.list(person.company, 100), counts: log.counts(person.company, Date.now()) }));
    });

  return new Hono().route("/", session).route("/", product);
}
