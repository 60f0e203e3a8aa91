// A disk that is full. What does not fit is not acknowledged, and everything goes on once there is room.
import { afterEach, expect, test, vi } from "vitest";
import { FlowFile } from "../../../shared/flow/flow-file.ts";
import { SimNetwork } from "./sim-network.ts";
import { SimObject } from "./sim-object.ts";
import { SimStorage } from "./sim-storage.ts";
import { VirtualTime } from "./virtual-time.ts";

const immediate = setImmediate;
const MINUTE = 60_000;
let restore = () => {};
afterEach(() => {
  restore();
  vi.restoreAllMocks();
});

const FLOW = FlowFile.parse({
  inlay: 1,
  key: "full",
  name: "Full",
  blocks: [
    {
      key: "b",
      name: "B",
      trigger: { event: "happened" },
      concurrency: 4,
      steps: [
        { key: "nap", wait: "10m" },
        { key: "send", http: { method: "POST", url: "https://sink.test/", body: {} }, on_error: "continue" },
      ],
    },
  ],
});

test("X10 a disk that is full loses nothing that was acknowledged, acknowledges nothing that is lost, and keeps no run from going on later", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const time = new VirtualTime(immediate);
  restore = time.install(() => 0.5);
  const storage = new SimStorage();
  const network = new SimNetwork(
    time,
    () => 0.5,
    () => false,
  );
  network.isCalm = true;
  const object = new SimObject(storage, time, network, async () => 1_000);
  const run = async (until: number) => {
    let isOver = false;
    time.after(until - time.now, () => {
      isOver = true;
    });
    while (!isOver) {
      await time.drain();
      network.settle();
      const due = storage.alarm;
      const timer = due === null || object.isOnShift ? 0 : time.after(Math.max(0, due - time.now), () => object.alarm());
      time.step();
      time.cancel(timer);
    }
  };
  await object.configure(FLOW);
  const acknowledged: string[] = [];
  let refused = 0;
  const send = async (id: string) => {
    const answer = await object.accept("b", id, { text: "x".repeat(3_000) }).catch(() => undefined);
    if (answer === undefined) refused++;
    else acknowledged.push(answer);
  };
  for (let n = 0; n < 20; n++) await send(`before ${n}`);
  storage.isFull = true;
  for (let n = 0; n < 20; n++) await send(`full ${n}`);
  // The naps end while there is no room for what they come to.
  await run(time.now + 15 * MINUTE);
  storage.isFull = false;
  for (let n = 0; n < 20; n++) await send(`full ${n}`);
  await run(time.now + 60 * MINUTE);

  expect(refused).toBeGreaterThan(0);
  const rows = storage.rows<{ id: string; status: string }>("SELECT id, status FROM run");
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(acknowledged));
  expect(rows).toHaveLength(40);
  expect(rows.filter(({ status }) => status !== "succeeded")).toEqual([]);
  // What could not be written down is kept in memory until there is room: it is not done again.
  expect(network.violations).toEqual([]);
});
