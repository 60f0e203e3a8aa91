import { expect, test } from "vitest";
import type { StepRun } from "../../shared/api/run.ts";
import { countFailed, lastEnd, nestSteps, pathsToFailure, pathsToNewest, type StepNode, statusOf } from "./nest-steps.ts";

const step = (path: string, status: StepRun["status"] = "succeeded"): StepRun => ({
  ...{ key: path, path, type: "action", status, attempts: 1, tasks: 0, startedAt: "2026-11-20T08:00:00Z", endedAt: "2026-11-20T08:00:01Z" },
});
const print = (nodes: StepNode[]): unknown[] => nodes.map(({ name, children }) => (children.length ? [name, print(children)] : name));

test("steps stand in the loop, the round, the branch and the call that they ran in", () => {
  const paths = ["gate", "each", "each[0].mapped", "each[1].mapped", "each[0].mapped>shape", "each[0].upsert", "decide", "decide.upsert"];
  expect(print(nestSteps(paths.map((path) => step(path))))).toEqual([
    "gate",
    [
      "each",
      [
        ["[0]", [["mapped", ["shape"]], "upsert"]],
        ["[1]", ["mapped"]],
      ],
    ],
    ["decide", ["upsert"]],
  ]);
});

test("steps stand in the condition, the branch and the attempt that say so, also in rounds and calls", () => {
  const held = (path: string, within: string) => ({ ...step(path), key: path.split(".").at(-1)!, within });
  const nodes = nestSteps([
    step("gate"),
    held("attempt", "gate"),
    held("risky", "attempt"),
    step("risky>ask"),
    step("each"),
    step("each[1].choose"),
    held("each[1].post", "each[1].choose"),
    held("lost", "not-told-of"),
  ]);
  expect(print(nodes)).toEqual([["gate", [["attempt", [["risky", ["ask"]]]]]], ["each", [["[1]", [["choose", ["post"]]]]]], "lost"]);
});

test("a step whose parent is not told of stands by its whole path", () => {
  expect(print(nestSteps([step("decide.upsert"), step("both"), step("both.left.post")]))).toEqual([
    "decide.upsert",
    ["both", ["left.post"]],
  ]);
});

test("a step that is told of twice stands once, where it began and as it ended", () => {
  const nodes = nestSteps([step("large"), step("large.post", "failed"), step("large", "failed")]);
  expect(print(nodes)).toEqual([["large", ["post"]]]);
  expect(statusOf(nodes[0]!)).toBe("failed");
});

test("a round is as its worst step, and the way leads to the first failure", () => {
  const nodes = nestSteps([step("each"), step("each[0].a"), step("each[1].a", "failed"), step("each[2].a", "failed")]);
  expect(nodes[0]!.children.map(statusOf)).toEqual(["succeeded", "failed", "failed"]);
  expect(countFailed(nodes[0]!)).toBe(2);
  expect(pathsToFailure(nodes)).toEqual(["each", "each[1]"]);
  expect(pathsToFailure(nestSteps([step("a")]))).toEqual([]);
});

test("the way leads past what was mended to what was not", () => {
  const held = (path: string, within: string, status: StepRun["status"]) => ({ ...step(path, status), within });
  const mended = [step("attempt"), held("risky", "attempt", "failed")];
  expect(pathsToFailure(nestSteps(mended))).toEqual(["attempt"]);
  expect(pathsToFailure(nestSteps([...mended, step("after", "failed"), held("post", "after", "failed")]))).toEqual(["after"]);
});

test("the way leads to what holds the newest step", () => {
  expect(pathsToNewest(nestSteps([step("gate"), step("each"), step("each[0].a"), step("each[1].a")]))).toEqual(["each", "each[1]"]);
  expect(pathsToNewest(nestSteps([step("each"), step("each[0].a"), step("after")]))).toEqual([]);
});

test("a loop has ended when the last in it has", () => {
  const late = { ...step("each[1].a"), endedAt: "2026-11-20T08:02:00Z" };
  expect(lastEnd(nestSteps([step("each"), step("each[0].a"), late])[0]!)).toBe(late.endedAt);
  expect(lastEnd(nestSteps([step("each"), { ...late, endedAt: null }])[0]!)).toBeNull();
});
