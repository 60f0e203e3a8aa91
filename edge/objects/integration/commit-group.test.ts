import { expect, test, vi } from "vitest";
import { CommitGroup } from "./commit-group.ts";

test("what is written alone is written at once", async () => {
  const done: string[] = [];
  void new CommitGroup().write(() => done.push("one"), false);
  expect(done).toEqual(["one"]);
});

test("what is written amid other things is written with them, in order and in one turn", async () => {
  vi.useFakeTimers();
  const [commits, done]: [CommitGroup, string[]] = [new CommitGroup(), []];
  const writes = ["one", "two"].map((name) => commits.write(() => done.push(name), true));
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["one", "two"]);
  await Promise.all(writes);
  vi.useRealTimers();
});

test("what is written at once goes behind what waits already", async () => {
  const [commits, done]: [CommitGroup, string[]] = [new CommitGroup(), []];
  const waiting = commits.write(() => done.push("one"), true);
  await commits.write(() => done.push("two"), false);
  await waiting;
  expect(done).toEqual(["one", "two"]);
});

test("a write that throws fails alone", async () => {
  const commits = new CommitGroup();
  const broken = commits.write(() => {
    throw new Error("full");
  }, true);
  const whole = commits.write(() => "stored", true);
  commits.flush();
  await expect(broken).rejects.toThrow("full");
  expect(await whole).toBe("stored");
});
