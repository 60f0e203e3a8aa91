import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { Hono } from "hono";
import { beforeAll, describe, expect, it } from "vitest";
import { idempotency } from "../db/schema.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";
import type { AppEnv } from "./app-env.ts";
import { idempotent } from "./idempotency.ts";
import { ProblemError, problem } from "./problem.ts";

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
});

describe("an Idempotency-Key", () => {
  const make = (work: () => Promise<Response>, ref = "usr_x", workspace = ws.id) =>
    new Hono<AppEnv>()
      .use(async (c, next) => {
        c.set("user", { workspace, ref } as AppEnv["Variables"]["user"]);
        await next();
      })
      .post("/", idempotent, work)
      .onError((error, c) => (error instanceof ProblemError ? problem(c, error.code, error.message) : problem(c, "internal")));
  const post = (one: ReturnType<typeof make>, key: string, body = "{}") =>
    one.request("/", { method: "POST", headers: { "idempotency-key": key }, body }, env);

  it("A08 lets one of many do the work, however they come", async () => {
    let done = 0;
    const one = make(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return Response.json({ done: ++done }, { status: 201 });
    });
    const all = await Promise.all(Array.from({ length: 8 }, () => post(one, "together")));
    expect(all.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const later = await post(one, "together");
    expect([later.status, await later.json(), done]).toEqual([201, { done: 1 }, 1]);
  });

  it("is each caller's own: the same key of another user, or in another workspace, answers nothing of theirs", async () => {
    const other = await makeWorkspace();
    const callers = [
      ["usr_a", ws.id],
      ["usr_b", ws.id],
      ["usr_a", other.id],
    ] as const;
    const apps = callers.map(([ref, id]) => make(async () => Response.json({ of: `${ref} ${id}` }, { status: 201 }), ref, id));
    const ask = async () => Promise.all(apps.map(async (one) => (await (await post(one, "shared")).json()) as object));
    const own = callers.map(([ref, id]) => ({ of: `${ref} ${id}` }));
    expect(await ask()).toEqual(own);
    expect(await ask()).toEqual(own);
  });

  it("is free again after a fault, after its first try died, and after a day", async () => {
    let fail = true;
    const one = make(async () => {
      if (fail) throw new Error("down");
      return Response.json({ ok: true });
    });
    expect((await post(one, "fault")).status).toBe(500);
    fail = false;
    expect((await post(one, "fault")).status).toBe(200);
    const mine = and(eq(idempotency.workspace, ws.id), eq(idempotency.key, "fault"));
    await ws.db
      .update(idempotency)
      .set({ status: null, body: null, createdAt: Date.now() - 61_000 })
      .where(mine);
    expect((await post(one, "fault")).status).toBe(200);
    await ws.db
      .update(idempotency)
      .set({ createdAt: Date.now() - 86_500_000 })
      .where(mine);
    expect((await post(one, "fault", '{"other":1}')).status).toBe(200);
  });

  it("is refused where it is none", async () => {
    expect(
      (
        await post(
          make(async () => Response.json({})),
          "x".repeat(300),
        )
      ).status,
    ).toBe(400);
  });
});
