import { LitElement } from "lit";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../testing/place.ts";
import { PulseController } from "./pulse-controller.ts";

const beat = vi.fn();
class BeatingElement extends LitElement {
  constructor() {
    super();
    new PulseController(this, beat, { of: ["run", "folder"], least: 200 });
  }
}
customElements.define("test-beating", BeatingElement);

test("a view reads again when the stream tells of what it shows, and not more often than it bears", async () => {
  const stream = new TransformStream<string, string>();
  const writer = stream.writable.getWriter();
  const fetched = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async () => new Response(stream.readable.pipeThrough(new TextEncoderStream())));
  const element = document.createElement("test-beating");
  document.body.append(element);
  onTestFinished(() => {
    element.remove();
    fetched.mockRestore();
  });
  await eventually(() => expect(String(fetched.mock.calls[0]?.[0])).toContain("/v1/workspace/stream"));
  const tell = (kind: string) => writer.write(`event: change\ndata: {"change":{"kind":"${kind}"}}\n\n`);
  await tell("token");
  await tell("folder");
  await eventually(() => expect(beat).toHaveBeenCalledTimes(1));
  for (let i = 0; i < 5; i++) await tell("folder");
  await eventually(() => expect(beat).toHaveBeenCalledTimes(2));
  await new Promise((done) => setTimeout(done, 300));
  expect(beat).toHaveBeenCalledTimes(2);
});
