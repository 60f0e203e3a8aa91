/// <reference types="vite/client" />
import { expect, test } from "vitest";
import type { Attention } from "../../shared/api/integration.ts";
import { CONTACTS, makeIntegration } from "../testing/fixtures.ts";
import { describeAttention } from "./describe-attention.ts";
import { english, loadI18n } from "./i18n.ts";
import "./more-words.ts";

const integration = makeIntegration("int_1", CONTACTS);
const block = "nightly";
const params = { label: "North Ltd", owner: "user" };
const TOLD: [Attention, string][] = [
  [{ code: "account_expired", account: "a", message: "Gone", params }, "Die Anmeldung „North Ltd“ funktioniert nicht mehr."],
  [{ code: "account_expired", account: "a", message: "Gone", params: { ...params, owner: "workspace" } }, "„North Ltd“ des Anbieters"],
  [{ code: "account_expired", account: "a", message: "Gone" }, "wurde entfernt"],
  [{ code: "account_error", account: "a", message: "No sign-in", params }, "„North Ltd“ ist nicht mehr nutzbar"],
  [{ code: "account_missing", block, message: "None" }, "„Full pass“ hat kein Konto"],
  [{ code: "invalid_schedule", block, message: "No cron" }, "„Full pass“ hat keinen Zeitplan"],
  [{ code: "quota_exceeded", block, message: "Used up" }, "„Full pass“ hat alles getan"],
  [{ code: "poll_failed", block, message: "Postbox answered 500" }, "„Full pass“ sieht nicht, was sich ändert: Postbox answered 500"],
  [{ code: "subscribe_failed", block, message: "Too many hooks" }, "sieht nicht, was sich ändert: Too many hooks"],
  [{ code: "subscription_unread", block, message: "“subscribe.id” fails" }, "„Full pass“ läuft weiter, doch ließ sich nicht alles lesen"],
];

test.each(TOLD)("%j is told in the user's language", async (attention, words) => {
  expect(describeAttention(await loadI18n("de"), attention, integration)).toContain(words);
});

test("what no table knows is told in the edge's words", () => {
  expect(describeAttention(english, { code: "new_one", message: "Do this" }, integration)).toBe("Do this");
});

test("every code that the edge gives is told in ours", () => {
  const sources = import.meta.glob<string>(
    ["../../edge/objects/integration/*.ts", "../../edge/http/integration-shape.ts", "!../../edge/**/*.test.ts"],
    { query: "?raw", import: "default", eager: true },
  );
  const returning = Object.values(sources).filter((text) => /: (Promise<)?Attention\b/.test(text));
  const given = new Set(
    returning.flatMap((text) => [...text.matchAll(/\{ code: "(\w+)",[^\n]*\b(?:account|block)\b/g)].map(([, code]) => code)),
  );
  expect([...given, "quota_exceeded"].sort()).toEqual([...new Set(TOLD.map(([{ code }]) => code))].sort());
});
