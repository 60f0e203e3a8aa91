import { expect, test } from "vitest";
import { listen, PortTakenError } from "./listen.ts";

const answer = () => new Response("here");

test("answers under localhost, and lets go of the port when closed", async () => {
  const first = await listen({ name: "Pipeline", port: 0, host: "localhost", fetch: answer });
  expect(await (await fetch(first.url)).text()).toBe("here");
  const port = Number(new URL(first.url).port);
  await first.close();
  const second = await listen({ name: "Pipeline", port, host: "localhost", fetch: answer });
  expect(second.url).toBe(first.url);
  await second.close();
});

test("a taken port is one line that says which, and how to choose another", async () => {
  const first = await listen({ name: "Ledgerly", port: 0, host: "localhost", fetch: answer });
  const port = Number(new URL(first.url).port);
  const second = listen({ name: "Pipeline", port, host: "localhost", fetch: answer });
  await expect(second).rejects.toThrow(PortTakenError);
  await expect(second).rejects.toThrow(
    `Pipeline cannot start: port ${port} is taken. Stop what uses it, or choose another with PIPELINE_PORT=PORT.`,
  );
  await first.close();
});
