import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hideSecrets, maskHidden, prepareSecrets, showSecrets } from "./hide-secrets.ts";

const secrets = prepareSecrets([
  { field: "token", value: "sk_live_9f3a77" },
  { field: "phrase", value: 'say "hi" &\n go' },
  { field: "longer", value: "sk_live_9f3a77_and_more" },
  { field: "pin", value: "123" },
]);
const round = (value: unknown) => {
  const json = JSON.stringify(value);
  const stored = hideSecrets(json, secrets);
  expect(showSecrets(stored, secrets)).toBe(json);
  return stored;
};

describe("a text for storage", () => {
  it("holds no secret in any spelling that JSON, URLs and base64 give it, and comes back whole", () => {
    const stored = round({
      plain: "sk_live_9f3a77",
      joined: "Bearer sk_live_9f3a77!",
      url: `https://a.example/?t=${encodeURIComponent('say "hi" &\n go')}`,
      form: `t=${encodeURIComponent('say "hi" &\n go').replaceAll("%20", "+")}`,
      basic: btoa("sk_live_9f3a77"),
      behind: ["u:", "us:", "use:"].map((name) => `Basic ${btoa(`${name}sk_live_9f3a77:x`)}`),
      quoted: 'they say "hi" &\n go',
      nested: JSON.stringify({ body: 'say "hi" &\n go' }),
      longer: "sk_live_9f3a77_and_more",
      sk_live_9f3a77: "as a name",
    });
    for (const trace of ["sk_live", "say", ...["", "u", "us"].map((name) => btoa(`${name}sk_live_9f3a77`).slice(4, 16))])
      expect(stored).not.toContain(trace);
    expect(maskHidden(stored)).toContain('"joined":"Bearer •••!"');
    expect(JSON.parse(maskHidden(stored))).toMatchObject({ longer: "•••", "•••": "as a name" });
  });

  it("keeps what only looks like a mark", () => {
    const odd = { a: "\ue000", b: "\ue000token\ue001", c: "\ue001\ue000\ue000", d: "\ue000sk_live_9f3a77\ue001" };
    const stored = round(odd);
    expect(stored).not.toContain("sk_live");
    expect(JSON.parse(maskHidden(stored))).toMatchObject({ a: odd.a, b: odd.b, c: odd.c });
  });

  it("is left alone where there is nothing to hide", () => {
    const none = prepareSecrets([{ field: "pin", value: "123" }]);
    const json = JSON.stringify({ a: "123 \ue000" });
    expect(hideSecrets(json, none)).toBe(json);
    expect(showSecrets(json, none)).toBe(json);
  });

  it("does not open with the secrets of another configuration", () => {
    const stored = hideSecrets('"sk_live_9f3a77"', secrets);
    expect(() => showSecrets(stored, prepareSecrets([{ field: "other", value: "sk_live_9f3a77" }]))).toThrow(/the secret token/);
  });

  it("comes back whole, whatever it is and whatever the secrets are", () => {
    const odd = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\ue000", "\ue001", "{", "true", "é", "%", "😀", "\ud800", ",") });
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), fc.jsonValue(), fc.array(odd), (values, value, texts) => {
        const some = prepareSecrets(values.map((one, i) => ({ field: `f${i}`, value: one })));
        const json = JSON.stringify([value, texts, values.map((one) => `x${one}y`)]);
        const stored = hideSecrets(json, some);
        expect(showSecrets(stored, some)).toBe(json);
        for (const one of values) if (one.length >= 4 && /^[a-z]+$/.test(one)) expect(stored).not.toContain(one);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it("costs microseconds", () => {
    const json = JSON.stringify({ headers: { a: "b".repeat(400) }, body: "x".repeat(1_000), token: "sk_live_9f3a77" });
    const begun = performance.now();
    for (let i = 0; i < 5_000; i++) showSecrets(hideSecrets(json, secrets), secrets);
    expect((performance.now() - begun) / 5_000).toBeLessThan(0.2);
  });
});
