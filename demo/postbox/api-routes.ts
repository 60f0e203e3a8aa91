import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { COMPANIES, type CompanyKey } from "../data/people.ts";
import { readJsonObject, wholeNumber } from "../http/form.ts";
import type { AudienceStore } from "./audience-store.ts";
import type { KeyStore } from "./key-store.ts";
import { isEmail, MERGE_FIELDS, readMember } from "./member.ts";
import type { RequestLog } from "./request-log.ts";
import type { SlidingWindow } from "./sliding-window.ts";

export interface ApiDeps {
  audiences: AudienceStore;
  keys: KeyStore;
  log: RequestLog;
  window: SlidingWindow;
}

interface ApiEnv {
  Variables: { owner: CompanyKey };
}

const COUNT = { min: 1, max: 100, fallback: 10 };
const OFFSET = { min: 0, max: 1_000_000, fallback: 0 };

/** Postbox's public API. Refusals are `{error, message}`, with `errors: [{field, message}]` where fields are at fault. */
export function apiRoutes({ audiences, keys, log, window }: ApiDeps) {
  const refuse = (error: string, message: string) => ({ error, message });
  const NO_AUDIENCE = refuse("audience_not_found", "There is no audience with this id");
  const NO_MEMBER = refuse("member_not_found", "This address is not a member of the audience");
  const BAD_PAGE = refuse("invalid_page", "count must be a whole number from 1 to 100, offset one from 0");

  const requireKey = createMiddleware<ApiEnv>(async (c, next) => {
    const started = Date.now();
    const key = c.req.header("X-Api-Key") ?? "";
    const owner = keys.ownerOf(key);
    if (!owner) {
      const message = key
        ? "This API key is not known. Copy it again from Postbox → API keys."
        : "Send your API key in the header X-Api-Key.";
      c.res = c.json(refuse("invalid_key", message), 401);
      return;
    }
    c.set("owner", owner);
    if (window.isAllowed(key)) await next();
    else {
      const message = `More than ${window.limit} requests in a second. Wait as long as Retry-After says.`;
      c.res = c.json(refuse("too_many_requests", message), 429, { "Retry-After": "1" });
    }
    const path = c.req.path + new URL(c.req.url).search;
    log.add(owner, { at: started, method: c.req.method, path, status: c.res.status, milliseconds: Date.now() - started });
  });

  return new Hono<ApiEnv>()
    .use(requireKey)
    .get("/account", (c) => c.json({ id: `pbx_${c.var.owner}`, company: COMPANIES[c.var.owner].name }))
    .get("/audiences", (c) => {
      const [count, offset] = [wholeNumber(c.req.query("count"), COUNT), wholeNumber(c.req.query("offset"), OFFSET)];
      if (count === undefined || offset === undefined) return c.json(BAD_PAGE, 400);
      return c.json(audiences.list(c.var.owner, c.req.query("q") ?? "", count, offset));
    })
    .get("/audiences/:audience", (c) => {
      const audience = audiences.find(c.var.owner, c.req.param("audience"));
      return audience ? c.json(audience) : c.json(NO_AUDIENCE, 404);
    })
    .get("/audiences/:audience/fields", (c) => {
      const audience = audiences.find(c.var.owner, c.req.param("audience"));
      return audience ? c.json({ fields: MERGE_FIELDS }) : c.json(NO_AUDIENCE, 404);
    })
    .get("/audiences/:audience/members", (c) => {
      const audience = audiences.find(c.var.owner, c.req.param("audience"));
      const [count, offset] = [wholeNumber(c.req.query("count"), COUNT), wholeNumber(c.req.query("offset"), OFFSET)];
      if (!audience) return c.json(NO_AUDIENCE, 404);
      if (count === undefined || offset === undefined) return c.json(BAD_PAGE, 400);
      return c.json(audiences.listMembers(audience, c.req.query("q") ?? "", count, offset));
    })
    .get("/audiences/:audience/members/:email", (c) => {
      const audience = audiences.find(c.var.owner, c.req.param("audience"));
      if (!audience) return c.json(NO_AUDIENCE, 404);
      const member = audiences.findMember(audience, c.req.param("email"));
      return member ? c.json(member) : c.json(NO_MEMBER, 404);
    })
    .put("/audiences/:audience/members/:email", async (c) => {
      const audience = audiences.find(c.var.owner, c.req.param("audience"));
      if (!audience) return c.json(NO_AUDIENCE, 404);
      const email = c.req.param("email");
      const body = await readJsonObject(c);
      if (!body) return c.json(refuse("invalid_json", "Send a JSON object: {email, status, fields}"), 400);
      if (!isEmail(email)) return c.json(refuse("invalid_email", `“${email}” is not an email address`), 400);
      if (body.email !== undefined && String(body.email).toLowerCase() !== email.toLowerCase())
        return c.json(refuse("invalid_email", "email in the body must be the address in the path"), 400);
      const before = audiences.findMember(audience, email);
      const input = readMember(body, before);
      if (!input.ok) {
        const message = input.faults.map((fault) => fault.message).join(". ");
        return c.json({ ...refuse("invalid_fields", message), errors: input.faults }, 400);
      }
      return c.json(audiences.putMember(audience, email, input.status, input.fields), before ? 200 : 201);
    })
    .delete("/audiences/:audience/members/:email", (c) => {
      const audience = audiences.find(c.var.owner, c.req.param("audience"));
      if (!audience) return c.json(NO_AUDIENCE, 404);
      return audiences.removeMember(audience, c.req.param("email")) ? c.body(null, 204) : c.json(NO_MEMBER, 404);
    })
    .all("*", (c) => c.json(refuse("not_found", `${c.req.method} ${c.req.path} is not part of the API`), 404));
}
