// The floor: what a run costs on bare workerd. One durable object; one insert, one fetch, one update; nothing else of an engine.
import { DurableObject } from "cloudflare:workers";

const order = ({ id, lines, customer }) => ({
  id,
  total: lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
  email: customer.email.toLowerCase(),
});

const post = (url, body) => fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export class Floor extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, input TEXT NOT NULL, output TEXT)");
  }

  async run(input, target) {
    const { id } = this.ctx.storage.sql.exec("INSERT INTO run (input) VALUES (?) RETURNING id", JSON.stringify(input)).one();
    const answer = await post(target, order(input));
    const output = await answer.text();
    this.ctx.storage.sql.exec("UPDATE run SET output = ? WHERE id = ?", output, id);
    return id;
  }

  /** Posts the due time to `target` every `every` ms. */
  async schedule(target, every) {
    const due = Date.now() + Math.floor(Math.random() * every);
    await this.ctx.storage.put({ target, every, due });
    await this.ctx.storage.setAlarm(due);
  }

  async alarm() {
    const { target, every, due } = Object.fromEntries(await this.ctx.storage.get(["target", "every", "due"]));
    await this.ctx.storage.put("due", due + every);
    await this.ctx.storage.setAlarm(due + every);
    await (await post(target, { dueAt: new Date(due).toISOString() })).text();
  }

  async stop() {
    await this.ctx.storage.deleteAlarm();
  }
}

async function loop(target, count, concurrency) {
  let next = 0;
  const work = async () => {
    while (next < count) await (await post(target, { n: next++ })).text();
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, what, name] = url.pathname.split("/");
    const target = url.searchParams.get("target");
    const object = env.FLOOR.getByName(name ?? "0");
    if (what === "run") return Response.json({ run: await object.run(await request.json(), target) }, { status: 202 });
    if (what === "loop") await loop(target, Number(url.searchParams.get("count")), Number(url.searchParams.get("concurrency")));
    if (what === "schedule") await object.schedule(target, Number(url.searchParams.get("every")));
    if (what === "stop") await object.stop();
    return Response.json({ ok: true });
  },
};
