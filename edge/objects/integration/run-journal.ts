// The journal of one run while it is driven. The last effect's entry is held until the next effect begins, an answer leaves, or the
// drive ends: a run whose last effect ends it writes that entry together with its end. Entries of effects side by side are stored together.
import type { Journal, JournalEntry, Signal } from "../../engine/journal.ts";

/** What a run began with: kept in its first stored entry, so that a drive after a crash sees the same. */
export interface Begun {
  started: number;
  state: string | null;
}

/** An entry as it is stored. */
export type StoredEntry = JournalEntry & { begun?: Begun };

export interface RunJournal extends Journal {
  entries(): JournalEntry[];
  /** What the run began with, where an entry holds that. */
  readonly begun: Begun | undefined;
  /** Tasks of all entries. */
  readonly tasks: number;
  /** Whether a step waits, or waited, for an event. */
  readonly hasWaits: boolean;
  /** Entries that were put and are not stored. */
  readonly held: readonly StoredEntry[];
  /** Stores what is held. What cannot be stored stays held. */
  flush(): void;
  /** Storing these was undone: they are held as before. */
  hold(entries: readonly StoredEntry[]): void;
  /** A branch of the run sleeps, until `goOn`: nothing is held meanwhile. */
  pause(): void;
  goOn(): void;
  /** What is put from here on is stored with what the run began with. */
  begin(begun: Begun): void;
  /** What effects are done with depends on what the run began with: that is stored before the first of them. */
  pinBegun(): void;
}

interface Keep {
  store(entry: StoredEntry): void;
  /** Does `write` soon, together with what else is to be stored. */
  together(write: () => void): Promise<void>;
  /** Stores what the run began with by itself. */
  pin(begun: Begun): void;
  signals(path: string, seen: number): readonly Signal[];
}

/** A journal over the entries that are stored already. `isPatient`: an entry may be held. */
export function openJournal(stored: readonly StoredEntry[], isPatient: boolean, keep: Keep): RunJournal {
  const entries = new Map<string, StoredEntry>(stored.map((entry) => [entry.path, entry]));
  let begun = stored.find((entry) => entry.begun)?.begun;
  let isBegunStored = begun !== undefined;
  let isPinned = false;
  let tasks = stored.reduce((sum, entry) => sum + entry.tasks, 0);
  /** Effects that are being done, and branches that sleep: with any of them, the drive may take its time. */
  let underWay = 0;
  let hasWaits = stored.some((entry) => entry.event !== undefined);
  let held: StoredEntry[] = [];
  const store = (entry: StoredEntry) => {
    if (begun && !isBegunStored) entry.begun = begun;
    isBegunStored = true;
    keep.store(entry);
  };
  /** `last` may wait on. */
  const flush = (last?: StoredEntry) => {
    for (const entry of held) if (entry !== last) store(entry);
    held = last ? [last] : [];
  };
  return {
    get: (path) => entries.get(path),
    isReplay: stored.length > 0,
    before() {
      flush();
      if (isPinned && begun && !isBegunStored) keep.pin(begun);
      isBegunStored ||= isPinned;
      underWay++;
    },
    pause() {
      flush();
      underWay++;
    },
    goOn() {
      underWay--;
    },
    put(entry) {
      if (entry.type !== "wait") underWay = Math.max(0, underWay - 1);
      const known = entries.get(entry.path);
      tasks += entry.tasks - (known?.tasks ?? 0);
      const whole: StoredEntry = known?.begun ? { ...entry, begun: known.begun } : entry;
      entries.set(entry.path, whole);
      hasWaits ||= entry.event !== undefined;
      const mayWait = isPatient && !known && entry.status !== "waiting" && entry.type !== "wait";
      held.push(whole);
      if (!mayWait) flush();
      else if (underWay === 0) flush(whole);
    },
    settled: () => (held.length && underWay ? keep.together(() => flush()) : undefined),
    signals: keep.signals,
    entries: () => [...entries.values()].map(withoutBegun),
    flush: () => flush(),
    hold(again) {
      held = [...again];
      for (const entry of again) entries.set(entry.path, entry);
    },
    begin(start) {
      begun ??= start;
    },
    pinBegun() {
      isPinned = true;
    },
    get begun() {
      return begun;
    },
    get tasks() {
      return tasks;
    },
    get held() {
      return held;
    },
    get hasWaits() {
      return hasWaits;
    },
  };
}

/** The entry as everybody else sees it. */
export function withoutBegun({ begun: _, ...entry }: StoredEntry): JournalEntry {
  return entry;
}
