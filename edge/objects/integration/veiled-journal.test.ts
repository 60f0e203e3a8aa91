import { describe, expect, it } from "vitest";
import type { Journal, JournalEntry } from "../../engine/journal.ts";
import { prepareSecrets } from "../../security/hide-secrets.ts";
import { veiledJournal } from "./veiled-journal.ts";

const entry = (path: string, output: unknown): JournalEntry => ({
  ...{ path, key: path, type: "query", status: "succeeded", attempts: 1, tasks: 1, startedAt: 1, endedAt: 2 },
  output,
});
function plainJournal() {
  const stored = new Map<string, JournalEntry>();
  const journal: Journal = { get: (path) => stored.get(path), put: (one) => void stored.set(one.path, one), signals: () => [] };
  return { stored, journal };
}
const secrets = prepareSecrets([{ field: "token", value: "sk_live_1" }]);

describe("the journal of a run with secrets", () => {
  it("is stored without them, and read with them by this drive and the next", () => {
    const { stored, journal } = plainJournal();
    const first = veiledJournal(journal, secrets);
    first.put(entry("a", { said: "Bearer sk_live_1" }));
    expect(JSON.stringify([...stored.values()])).not.toContain("sk_live");
    expect(first.get("a")?.output).toEqual({ said: "Bearer sk_live_1" });
    expect(veiledJournal(journal, secrets).get("a")).toEqual(entry("a", { said: "Bearer sk_live_1" }));
    expect(veiledJournal(journal, secrets).get("b")).toBeUndefined();
  });

  it("is the journal itself where there are none", () => {
    const { journal } = plainJournal();
    expect(veiledJournal(journal, prepareSecrets([]))).toBe(journal);
  });
});
