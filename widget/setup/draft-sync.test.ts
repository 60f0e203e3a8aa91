import { beforeEach, expect, test, vi } from "vitest";
import { type DraftStatus, DraftSync, TYPING_PAUSE } from "./draft-sync.ts";

let body = "";
let sent: { body: string; signal: AbortSignal; resolve: (answer: string) => void; reject: (error: unknown) => void }[];
let statuses: DraftStatus[];
let answers: string[];
let failures: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  [body, sent, statuses, answers, failures] = ["", [], [], [], []];
  return () => vi.useRealTimers();
});

const make = () =>
  new DraftSync<string, string>({
    read: () => body,
    put: (value, signal) => new Promise((resolve, reject) => sent.push({ body: value, signal, resolve, reject })),
    answered: (answer) => answers.push(answer),
    changed: (status) => statuses.push(status),
    isFinal: (error) => error === "gone",
    failed: (error) => failures.push(error),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  });

const enter = (sync: DraftSync<string, string>, text: string, soon = true) => {
  body = text;
  sync.keep(soon);
};
const settle = () => vi.advanceTimersByTimeAsync(0);

test("typing is sent once, after a pause", async () => {
  const sync = make();
  for (const text of ["a", "ad", "ada"]) {
    enter(sync, text);
    await vi.advanceTimersByTimeAsync(TYPING_PAUSE - 1);
  }
  expect(sent).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent.map((one) => one.body)).toEqual(["ada"]);
});

test("a choice is sent at once", () => {
  enter(make(), "yes", false);
  expect(sent).toHaveLength(1);
});

test("one request is in flight; what changed meanwhile goes after it, and the answer to the older is dropped", async () => {
  const sync = make();
  enter(sync, "1", false);
  enter(sync, "2", false);
  enter(sync, "3", false);
  expect(sent.map((one) => one.body)).toEqual(["1"]);
  sent[0]!.resolve("form 1");
  await settle();
  expect(sent.map((one) => one.body)).toEqual(["1", "3"]);
  expect(answers).toEqual([]);
  sent[1]!.resolve("form 3");
  await settle();
  expect(answers).toEqual(["form 3"]);
  expect(sync.status).toBe("saved");
});

test("a failure says so, waits longer each time, and ends in saved", async () => {
  const sync = make();
  enter(sync, "x", false);
  sent[0]!.reject("offline");
  await settle();
  expect(sync.status).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toHaveLength(2);
  sent[1]!.reject("offline");
  await settle();
  await vi.advanceTimersByTimeAsync(1_999);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  sent[2]!.resolve("form");
  await settle();
  expect(sync.status).toBe("saved");
});

test("typing goes on while it fails, and the network's return sends at once", async () => {
  const sync = make();
  enter(sync, "x", false);
  sent[0]!.reject("offline");
  await settle();
  sync.retry();
  expect(sent).toHaveLength(2);
});

test("a failure that would come again is told once and not repeated", async () => {
  const sync = make();
  enter(sync, "x", false);
  sent[0]!.reject("gone");
  await settle();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failures).toEqual(["gone"]);
  expect(sent).toHaveLength(1);
});

test("a flush settles with the answer, with the failure, and at the latest after its time", async () => {
  const sync = make();
  await sync.flush(1_000);
  enter(sync, "x");
  let settled = 0;
  const done = () => {
    settled += 1;
  };
  void sync.flush(1_000).then(done);
  await settle();
  expect(sent).toHaveLength(1);
  expect(settled).toBe(0);
  sent[0]!.resolve("form");
  await settle();
  expect(settled).toBe(1);
  enter(sync, "y", false);
  void sync.flush(1_000).then(done);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(settled).toBe(2);
});

test("stopped, it cancels what is in flight and hears no answer", async () => {
  const sync = make();
  enter(sync, "x", false);
  sync.stop();
  expect(sent[0]!.signal.aborted).toBe(true);
  sent[0]!.resolve("late");
  await settle();
  expect(answers).toEqual([]);
});

test("when the page goes, the newest goes at once in place of what is in flight, and what that says is dropped", async () => {
  const sync = make();
  enter(sync, "1", false);
  enter(sync, "2");
  sync.leave();
  expect(sent.map((one) => [one.body, one.signal.aborted])).toEqual([
    ["1", true],
    ["2", false],
  ]);
  sent[0]!.reject(new DOMException("Aborted", "AbortError"));
  await settle();
  expect(sync.status).toBe("saving");
  sent[1]!.resolve("form 2");
  await settle();
  expect(answers).toEqual(["form 2"]);
  sync.leave();
  expect(sent).toHaveLength(2);
});
