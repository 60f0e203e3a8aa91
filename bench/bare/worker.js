// What benches of scale are held against: bare durable objects with an alarm each, and nothing of an engine.
import { DurableObject } from "cloudflare:workers";

const post = (url, body) => fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export class Bare extends DurableObject {
  /** Posts the due time to `target` at `at` (ms since epoch). */
  async due(target, at) {
    await this.ctx.storage.put({ target, at });
    await this.ctx.storage.setAlarm(at);
  }

  async alarm() {
    const { target, at } = Object.fromEntries(await this.ctx.storage.get(["target", "at"]));
    await (await post(target, { dueAt: new Date(at).toISOString() })).text();
  }

  /** Is there, keeps one row, and waits for nothing. */
  async keep(value) {
    await this.ctx.storage.put("value", value);
  }

  /** Keeps the event, and posts it. */
  async take(target, event) {
    await this.ctx.storage.put("event", event);
    await (await post(target, event)).text();
  }
}

// biome-ignore lint/style/noDefaultExport: how workerd finds the handler
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, what, name] = url.pathname.split("/");
    const target = url.searchParams.get("target");
    if (what === "due") await env.BARE.getByName(name).due(target, Number(url.searchParams.get("at")));
    if (what === "keep") await env.BARE.getByName(name).keep(name);
    if (what === "take") await env.BARE.getByName(name).take(target, await request.json());
    return Response.json({ ok: true });
  },
};
