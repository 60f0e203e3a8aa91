import { expect, onTestFinished, test, vi } from "vitest";
import { makeRun, tokenFor } from "../testing/fixtures.ts";
import { eventually, startEdge } from "../testing/place.ts";
import { ApiClient } from "./client.ts";
import { type LiveMessage, liveStreamOf } from "./stream.ts";

function listen(sub: string): LiveMessage[] {
  const told: LiveMessage[] = [];
  onTestFinished(liveStreamOf(new ApiClient(location.origin, tokenFor(sub))).subscribe((message) => told.push(message)));
  return told;
}

test("a broken connection resumes behind the last message, and listeners look for what was missed", async () => {
  const edge = startEdge();
  let isBroken = false;
  edge.on("GET /v1/stream", () => (isBroken ? "offline" : undefined));
  const told = listen("breaking");
  await eventually(() => expect(edge.openStreams).toBe(1));
  const run = makeRun("run_1");
  edge.emit({ type: "run", run });
  await eventually(() => expect(told).toEqual([{ type: "run", run }]));
  isBroken = true;
  edge.breakStreams();
  isBroken = false;
  await vi.waitFor(() => expect(edge.openStreams).toBe(1), { timeout: 6_000 });
  expect(edge.callsOf("GET /v1/stream").at(-1)?.headers.get("last-event-id")).toBe("1");
  await eventually(() => expect(told.at(-1)).toEqual({ type: "missed" }));
});

test("the first connection asks for what has changed since its client began to read", async () => {
  const edge = startEdge();
  const client = new ApiClient(location.origin, tokenFor("late"));
  await new Promise((done) => setTimeout(done, 120));
  onTestFinished(liveStreamOf(client).subscribe(() => undefined));
  await eventually(() => expect(edge.openStreams).toBe(1));
  const age = Number(edge.callsOf("GET /v1/stream").at(-1)?.query.get("age"));
  expect(age).toBeGreaterThanOrEqual(120);
  expect(age).toBeLessThan(5_000);
});

test("messages of an unknown kind and broken ones are passed over", async () => {
  const edge = startEdge();
  const told = listen("tolerant");
  await eventually(() => expect(edge.openStreams).toBe(1));
  edge.send("event: surprise\ndata: {}\n\n");
  edge.send("event: run\ndata: {broken\n\n");
  edge.emit({ type: "flow", flow: { key: "a" } });
  await eventually(() => expect(told).toEqual([{ type: "flow", flow: { key: "a" } }]));
});

test("a page that stays hidden gives its connection back, and resumes when it is shown", async () => {
  const edge = startEdge();
  const told = listen("hidden");
  await eventually(() => expect(edge.openStreams).toBe(1));
  edge.emit({ type: "flow", flow: { key: "a" } });
  await eventually(() => expect(told).toHaveLength(1));
  const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  onTestFinished(() => hidden.mockRestore());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  document.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(31_000);
  vi.useRealTimers();
  await eventually(() => expect(edge.openStreams).toBe(0));
  hidden.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  await eventually(() => expect(edge.openStreams).toBe(1));
  expect(edge.callsOf("GET /v1/stream").at(-1)?.headers.get("last-event-id")).toBe("1");
  await eventually(() => expect(told.at(-1)).toEqual({ type: "missed" }));
});

test("where streams are cut, listeners are told to look again every 15 seconds, until one holds", async () => {
  const edge = startEdge();
  let isCut = true;
  edge.on("GET /v1/stream", () => (isCut ? "offline" : undefined));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const told = listen("cut off");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(edge.callsOf("GET /v1/stream").length).toBeLessThanOrEqual(4);
  const before = told.length;
  await vi.advanceTimersByTimeAsync(65_000);
  const polls = told.slice(before);
  expect(polls.length).toBeGreaterThanOrEqual(2);
  expect(polls.length).toBeLessThanOrEqual(5);
  expect(polls.every(({ type }) => type === "missed")).toBe(true);
  isCut = false;
  await vi.advanceTimersByTimeAsync(31_000);
  expect(edge.openStreams).toBe(1);
  const asked = edge.callsOf("GET /v1/stream").length;
  await vi.advanceTimersByTimeAsync(12_000);
  expect(edge.callsOf("GET /v1/stream")).toHaveLength(asked);
});

test("a connection that has gone silent, as after sleep, is given up after 45 seconds and resumed", async () => {
  const edge = startEdge();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const told = listen("asleep");
  await vi.advanceTimersByTimeAsync(100);
  edge.emit({ type: "flow", flow: { key: "a" } });
  await vi.advanceTimersByTimeAsync(44_000);
  expect(edge.callsOf("GET /v1/stream")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(edge.callsOf("GET /v1/stream").at(-1)?.headers.get("last-event-id")).toBe("1");
  expect(edge.callsOf("GET /v1/stream")).toHaveLength(2);
  expect(told.at(-1)).toEqual({ type: "missed" });
});

test("a network that is back is tried at once", async () => {
  const edge = startEdge();
  let isCut = true;
  edge.on("GET /v1/stream", () => (isCut ? "offline" : undefined));
  listen("back online");
  await eventually(() => expect(edge.callsOf("GET /v1/stream").length).toBeGreaterThanOrEqual(1));
  isCut = false;
  await new Promise((done) => setTimeout(done, 20));
  dispatchEvent(new Event("online"));
  await eventually(() => expect(edge.openStreams).toBe(1));
});

test("a network that is back while the connection has outlived it has listeners look again", async () => {
  const edge = startEdge();
  const told = listen("outlived");
  await eventually(() => expect(edge.openStreams).toBe(1));
  dispatchEvent(new Event("online"));
  await eventually(() => expect(told).toEqual([{ type: "missed" }]));
  expect(edge.openStreams).toBe(1);
});
