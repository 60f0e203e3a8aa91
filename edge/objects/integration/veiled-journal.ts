import type { Journal, JournalEntry } from "../../engine/journal.ts";
import { type HiddenSecrets, hideSecrets, showSecrets } from "../../security/hide-secrets.ts";

/** `journal` as a run of a configuration with secrets uses it: what goes in is stored without them, what comes out has them again. */
export function veiledJournal(journal: Journal, hidden: HiddenSecrets): Journal {
  if (hidden.texts.length === 0) return journal;
  /** As they are, of this drive: most are asked for again. */
  const shown = new Map<string, JournalEntry>();
  const { signals } = journal;
  return {
    get(path) {
      const known = shown.get(path);
      const stored = known ? undefined : journal.get(path);
      if (!stored) return known;
      const entry = JSON.parse(showSecrets(JSON.stringify(stored), hidden)) as JournalEntry;
      shown.set(path, entry);
      return entry;
    },
    ...(journal.isReplay ? { isReplay: true } : {}),
    before: () => journal.before?.(),
    settled: () => journal.settled?.(),
    put(entry) {
      shown.set(entry.path, entry);
      const text = JSON.stringify(entry);
      const veiled = hideSecrets(text, hidden);
      journal.put(veiled === text ? entry : (JSON.parse(veiled) as JournalEntry));
    },
    ...(signals ? { signals: (path: string, seen: number) => signals(path, seen) } : {}),
  };
}
