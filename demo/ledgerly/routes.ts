import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { csrf } from "hono/csrf";
import type { Database } from "../data/database.ts";
import { localPath, readForm, readJsonObject } from "../http/form.ts";
import { NOTHING } from "../http/markup.ts";
import { publicFiles } from "../http/public-files.ts";
import type { BookStore, Invoice } from "./book-store.ts";
import type { ConfigFile } from "./config-file.ts";
import type { EventOutbox, RaisedEvent } from "./event-outbox.ts";
import { customersPage, invoicesPage } from "./pages/book-pages.ts";
import { embedPage } from "./pages/embed-page.ts";
import { integrationsPage, startingPage, strictPage } from "./pages/integrations-page.ts";
import { LOOKS, type Look, type PageContext, page, THEMES } from "./pages/layout.ts";
import { overviewPage } from "./pages/overview-page.ts";
import { signUserToken } from "./user-token.ts";
import { findUser, type LedgerlyUser, USERS } from "./users.ts";

export interface LedgerlyDeps {
  db: Database;
  books: BookStore;
  config: ConfigFile;
  outbox: EventOutbox;
}

const USER_COOKIE = "ledgerly_user";
const THEME_COOKIE = "ledgerly_theme";
const IS_LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const problem = (code: string, message: string) => ({ code, message });

/** The one origin of script, style and data that the strict page allows besides its own style sheet. */
/** What Inlay promises to work under. */
const strictPolicy = (edge: string) =>
  `script-src ${edge}; style-src 'self'; connect-src ${edge}; img-src ${edge} data:; require-trusted-types-for 'script'; trusted-types lit-html`;

function contextOf(c: Context): PageContext {
  const user = findUser(getCookie(c, USER_COOKIE)) ?? USERS[0];
  if (!user) throw new Error("Ledgerly has no users");
  const wanted = c.req.query("theme") ?? getCookie(c, THEME_COOKIE);
  const theme = THEMES.find((one) => one === wanted) ?? "auto";
  const { pathname, search } = new URL(c.req.url);
  const look = (Object.keys(LOOKS) as Look[]).find((one) => one === c.req.query("look")) ?? "ledgerly";
  return { user, theme, look, here: pathname + search };
}

/** What `order.paid` tells of an invoice; money in units. */
const orderOf = (invoice: Invoice, currency: string) => ({
  id: invoice.number,
  total: invoice.total / 100,
  currency,
  paidAt: invoice.paidAt,
  customer: { name: invoice.customer.name, email: invoice.customer.email },
  lines: invoice.lines.map(({ description, quantity, price }) => ({ description, quantity, price: price / 100 })),
});

/** Ledgerly's pages and backend. */
export function ledgerlyRoutes({ db, books, config, outbox }: LedgerlyDeps) {
  /** Marks the invoice and stores its event in one transaction, then sends it. Undefined where the invoice was paid before. */
  const pay = async (user: LedgerlyUser, number: string): Promise<{ invoice: Invoice; event: RaisedEvent } | undefined> => {
    const id = `order.paid ${number}`;
    const invoice = db.transaction(() => {
      if (!books.markPaid(user.org, number)) return undefined;
      const paid = books.findInvoice(user.org, number);
      if (paid) outbox.add({ id, type: "order.paid", user: user.id, data: orderOf(paid, user.currency) });
      return paid;
    });
    return invoice && { invoice, event: await outbox.send(id) };
  };
  const starting = (c: Context, message?: string) => c.html(startingPage(contextOf(c), message), 503, { "Retry-After": "1" });

  return new Hono()
    .route("/", publicFiles(new URL("./public/", import.meta.url)))
    .use("/session", cors({ origin: (origin) => (IS_LOCAL.test(origin) ? origin : null), allowMethods: ["POST"] }))
    .post("/session", async (c) => {
      const { user: id } = (await readJsonObject(c)) ?? {};
      const user = findUser(id);
      if (!user)
        return c.json(problem("unknown_user", `Send {"user": NAME}. The users are ${USERS.map((one) => one.id).join(" and ")}.`), 404);
      const known = config.read();
      if (known.state !== "ready") {
        const message = known.state === "invalid" ? known.message : "Inlay is starting. Try again in a second.";
        return c.json(problem("starting", message), 503, { "Retry-After": "1" });
      }
      return c.json({ token: signUserToken(known.config, user) }, 200, { "Cache-Control": "no-store" });
    })
    .use(csrf())
    .post("/switch", async (c) => {
      const form = await readForm(c);
      const user = findUser(form.user);
      if (user) setCookie(c, USER_COOKIE, user.id, { path: "/", sameSite: "Lax", httpOnly: true });
      return c.redirect(localPath(form.back), 303);
    })
    .get("/", (c) => {
      const context = contextOf(c);
      const { org } = context.user;
      return c.html(overviewPage(context, books.listInvoices(org), books.paidByMonth(org, 6)));
    })
    .get("/invoices", (c) => {
      const context = contextOf(c);
      const paid = c.req.query("paid");
      return c.html(invoicesPage(context, books.listInvoices(context.user.org), paid ? `${paid} is paid` : undefined));
    })
    .get("/customers", (c) => {
      const context = contextOf(c);
      return c.html(customersPage(context, books.listCustomers(context.user.org)));
    })
    .post("/invoices/next/pay", async (c) => {
      const { user } = contextOf(c);
      const done = await pay(user, books.nextOpenInvoice(user.org).number);
      if (!done) return c.json(problem("paid_already", "Somebody else was faster. Try again."), 409);
      return c.json({ invoice: orderOf(done.invoice, user.currency), event: done.event });
    })
    .post("/invoices/:number/pay", async (c) => {
      const { user } = contextOf(c);
      const number = c.req.param("number");
      if (!books.findInvoice(user.org, number)) return c.notFound();
      await pay(user, number);
      return c.redirect(`/invoices?${new URLSearchParams({ paid: number })}`, 303);
    })
    .get("/integrations", (c) => {
      const context = contextOf(c);
      const known = config.read();
      if (known.state !== "ready") return starting(c, known.state === "invalid" ? known.message : undefined);
      const { edgeUrl } = known.config;
      const { csp, ...query } = c.req.query();
      if (csp !== "strict") return c.html(integrationsPage(context, edgeUrl, query));
      c.header("Content-Security-Policy", strictPolicy(edgeUrl));
      return c.html(strictPage(context, edgeUrl, query, signUserToken(known.config, context.user)));
    })
    .get("/embed", (c) => {
      const known = config.read();
      if (known.state !== "ready") return starting(c, known.state === "invalid" ? known.message : undefined);
      const { user: id, ...query } = c.req.query();
      const user = findUser(id ?? "ada");
      if (!user) return c.json(problem("unknown_user", `The users are ${USERS.map((one) => one.id).join(" and ")}.`), 404);
      return c.html(embedPage(known.config.edgeUrl, query, signUserToken(known.config, user)));
    })
    .notFound((c) =>
      c.html(page({ ...contextOf(c), title: "Not found", section: "overview", lead: "There is no such page.", body: NOTHING }), 404),
    );
}
