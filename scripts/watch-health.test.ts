import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { watchHealth } from "./watch-health.ts";

test("what has answered and is deaf now is started again, once; what is being started is left alone", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
  let [isDeaf, asked, restarts, isOver] = [true, 0, 0, false];
  const server = createServer((_, response) => {
    asked++;
    if (!isDeaf) response.end();
  }).listen(0);
  const url = `http://localhost:${(server.address() as AddressInfo).port}/health`;
  watchHealth(url, { restart: () => void restarts++, isOver: () => isOver, pulse: 50 });
  await vi.waitFor(() => expect(asked).toBeGreaterThan(4), 5_000);
  expect(restarts).toBe(0);
  isDeaf = false;
  const before = asked;
  await vi.waitFor(() => expect(asked).toBeGreaterThan(before + 2), 5_000);
  isDeaf = true;
  await vi.waitFor(() => expect(restarts).toBe(1), 5_000);
  const then = asked;
  await vi.waitFor(() => expect(asked).toBeGreaterThan(then + 4), 5_000);
  expect(restarts).toBe(1);
  isOver = true;
  server.closeAllConnections();
  server.close();
  told.mockRestore();
});
