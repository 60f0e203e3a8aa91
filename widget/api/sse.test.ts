import { expect, test } from "vitest";
import { readEvents, type ServerEvent } from "./sse.ts";

const bytes = (chunks: string[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

async function readAll(chunks: string[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(bytes(chunks))) events.push(event);
  return events;
}

test("events are read whole, however the bytes are cut", async () => {
  const text = 'id: 7\nevent: run\ndata: {"a":1}\n\n: heartbeat\n\ndata: one\ndata: two\n\nid: 8\r\nevent: flow\r\ndata:tight\r\n\r\n';
  const expected = [
    { id: "7", event: "run", data: '{"a":1}' },
    { id: "7", event: "message", data: "one\ntwo" },
    { id: "8", event: "flow", data: "tight" },
  ];
  for (let size = 1; size <= text.length; size++) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
    expect(await readAll(chunks), `cut every ${size}`).toEqual(expected);
  }
});

test("an event that the connection cuts off is not told", async () => {
  expect(await readAll(["event: run\ndata: half"])).toEqual([]);
});
