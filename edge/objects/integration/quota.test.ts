import { afterEach, describe, expect, test, vi } from "vitest";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const flow = (quota: string) => `
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    quota: ${quota}
    steps: [{ key: a, http: { url: "https://target.test/a" } }, { key: b, http: { url: "https://target.test/b" } }]
  - { key: free, name: Free, trigger: { manual: {} }, steps: [{ key: v, value: 1 }] }
`;

describe("a block's quota", () => {
  test("of runs refuses further ones in words, shows, and leaves other blocks alone", async () => {
    fakeOutside(() => ({}));
    const { object } = await configured(makeConfig(flow("{ runs: 2, per: 300d }")));
    for (let i = 0; i < 2; i++) expect(await object.runNow("go", {})).toMatchObject({ ok: true });
    const refused = await object.runNow("go", {});
    expect(refused).toMatchObject({ ok: false, status: 429, code: "quota_exceeded", message: expect.stringContaining("2 runs per 300d") });
    expect(refused.ok ? 0 : refused.retryAfter).toBeGreaterThan(0);
    expect((await object.describe()).attention).toMatchObject([{ code: "quota_exceeded", block: "go" }]);
    expect(await object.runNow("free", {})).toMatchObject({ ok: true });
  });

  test("leaves a failed run of what nobody sends again, and keeps no other block from it", async () => {
    const config = makeConfig(`
blocks:
  - { key: on, name: On, trigger: { lifecycle: enabled }, quota: { runs: 1, per: 300d }, steps: [{ key: v, value: 1 }] }
  - { key: too, name: Too, trigger: { lifecycle: enabled }, steps: [{ key: v, value: 1 }] }
`);
    const { object } = await configured(config);
    await object.configure({ ...config, enabled: false }, "disabled");
    await object.configure(config, "enabled");
    const of = async (block: string) => (await object.listRuns({ block })).items;
    await expect.poll(async () => (await of("too")).map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(await of("on")).toMatchObject([
      { status: "failed", error: { code: "quota_exceeded", message: expect.stringContaining("1 run") } },
      { status: "succeeded" },
    ]);
  });

  test("of tasks counts what runs did, and lets a run that has begun end", async () => {
    fakeOutside(() => ({}));
    const { object } = await configured(makeConfig(flow("{ tasks: 3, per: 300d }")));
    for (let i = 0; i < 2; i++) {
      const accepted = await object.runNow("go", {});
      if (!accepted.ok) throw new Error(accepted.message);
      expect(await ended(object, accepted.run)).toMatchObject({ status: "succeeded", tasks: 2 });
    }
    expect(await object.runNow("go", {})).toMatchObject({ ok: false, code: "quota_exceeded", message: expect.stringContaining("3 tasks") });
  });
});
