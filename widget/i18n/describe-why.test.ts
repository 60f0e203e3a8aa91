/// <reference types="vite/client" />
import { expect, test } from "vitest";
import type { RunError, Why } from "../../shared/api/run.ts";
import { describeFault, describeWhy } from "./describe-why.ts";
import { english, loadI18n } from "./i18n.ts";

const makeError = (code: string, params?: Record<string, string>): RunError => ({
  ...{ code, message: "In English", class: "invalid", retryable: false },
  ...(params && { params }),
});

const FAULTS: [RunError, string][] = [
  [makeError("timeout", { ms: "30000" }), "Keine Antwort innerhalb von 30 Sek."],
  [makeError("timeout"), "Die Zeit dafür war um"],
  [makeError("wait_timeout", { event: "order.paid" }), "„order.paid“ ist nicht rechtzeitig eingetreten."],
  [makeError("network", { host: "crm.test" }), "crm.test war nicht zu erreichen."],
  [makeError("blocked", { host: "10.0.0.1" }), "10.0.0.1 darf von hier aus nicht aufgerufen werden."],
  [makeError("http_404", { by: "Pipeline", status: "404", said: "No such deal" }), "Pipeline antwortete mit 404: No such deal"],
  [makeError("http_500", { by: "Pipeline", status: "500", said: "" }), "Pipeline antwortete mit 500."],
  [makeError("rate_limit", { by: "Pipeline", status: "429", said: "" }), "Pipeline antwortete mit 429."],
  [makeError("failed_by_step", { by: "Orders", said: "Not on Sundays" }), "Orders sagt: „Not on Sundays“"],
  [makeError("acts"), "Die Integration selbst hat hier einen Fehler."],
  [makeError("account_throttled", { app: "Pipeline" }), "Pipeline nimmt im Moment keine weiteren Aufrufe an."],
  [makeError("output_too_large"), "mehr Daten"],
  [makeError("too_many_turns"), "mehr Schritte"],
  [makeError("expression_type"), "Die Integration selbst hat hier einen Fehler."],
];

test.each(FAULTS)("%j is told in the user's language", async (error, words) => {
  expect(describeFault(await loadI18n("de"), error).text).toContain(words);
});

test.each(["ar", "he"])("what an app says keeps its direction inside a sentence of %s", async (locale) => {
  const { text } = describeFault(await loadI18n(locale), makeError("sign_in", { by: "Pipeline", said: "No such scope!" }));
  expect(text).toContain("\u2068Pipeline\u2069");
  expect(text).toContain("\u2068No such scope!\u2069");
});

test("whoever wrote the flow reads the edge's words behind ours", async () => {
  expect(describeFault(await loadI18n("de"), makeError("expression_type"))).toHaveProperty("detail", "In English");
  expect(describeFault(await loadI18n("de"), makeError("timeout"))).not.toHaveProperty("detail");
});

test.each(["failed_by_step", "code_error", "invalid", "new_one"])("%s stays as the flow, the app or a newer edge says it", async (code) => {
  expect(describeFault(await loadI18n("de"), makeError(code))).toEqual({ text: "In English" });
});

test("an error of an earlier release, which names nothing, is told in its own words", async () => {
  expect(describeFault(await loadI18n("de"), makeError("network")).text).toBe("In English");
});

const REASONS: [Why, string][] = [
  [{ code: "until", params: { at: "2026-03-02T09:00:00Z" } }, "Wartet bis 02.03.2026"],
  [{ code: "event", params: { event: "order.paid", at: "2026-03-02T09:00:00Z" } }, "Wartet auf „order.paid“"],
  [{ code: "again", error: makeError("network", { host: "crm.test" }) }, "Wird erneut versucht. crm.test war nicht zu erreichen."],
  [{ code: "turn" }, "an der Reihe"],
  [{ code: "reconnect", params: { app: "Pipeline" } }, "sobald Pipeline neu verbunden ist"],
  [{ code: "throttled", params: { app: "Pipeline" } }, "nimmt im Moment keine weiteren"],
  [{ code: "broken", params: { app: "Pipeline" } }, "antwortet im Moment nicht"],
  [{ code: "by_hand" }, "Von Hand"],
  [{ code: "missed" }, "nicht nachgeholt"],
  [{ code: "together", params: { at: "2026-03-02T09:00:00Z" } }, "02.03.2026"],
  [{ code: "stands", params: { count: "3" } }, "für 3 frühere"],
  [{ code: "found", params: { count: "2", left: "0", out: "1" } }, "2 neue Einträge und 1 ausgelassen"],
  [{ code: "reading", params: { count: "4" } }, "Noch ist nicht alles gelesen"],
  [{ code: "unanswered", error: makeError("http_500", { by: "Pipeline", status: "500", said: "" }) }, "Pipeline antwortete mit 500."],
  [{ code: "queue_full", params: { count: "10000" } }, "10.000 Läufe warteten"],
  [{ code: "quota_exceeded" }, "„Nightly“ hat alles getan"],
  [{ code: "too_large" }, "mehr Daten"],
];

test.each(REASONS)("%j is told in the user's language", async (why, words) => {
  expect(describeWhy(await loadI18n("de"), why, "Nightly")).toContain(words);
});

test("a reason that no table knows is left to the edge's words", () => {
  expect(describeWhy(english, { code: "new_one" })).toBeUndefined();
});

test("every code of the engine and of calls is told in ours, but for what flows say themselves", () => {
  const sources = import.meta.glob<string>(
    [
      "../../edge/engine/*.ts",
      "../../edge/providers/{app,code}/*.ts",
      "../../edge/objects/integration/{serve-poll,run-store}.ts",
      "!../../edge/**/*.test.ts",
    ],
    { query: "?raw", import: "default", eager: true },
  );
  const told = /(?:\b(?:failure|fail|codeError|fault|invalid|refuse)\(|\bcode: )\s*"([a-z]\w+)"/g;
  const codes = new Set(Object.values(sources).flatMap((text) => [...text.matchAll(told)].map(([, code = ""]) => code)));
  expect(codes.size).toBeGreaterThan(25);
  const params = { ms: "1", host: "h", app: "a", event: "e", by: "b" };
  const isUntold = (code: string) =>
    describeFault(english, makeError(code, params)).text === "In English" && describeWhy(english, { code, params }) === undefined;
  expect([...codes].filter(isUntold).sort()).toEqual(["code_error", "failed_by_step"]);
});
