import { expect, test } from "vitest";
import type { Attempt } from "../../shared/api/account.ts";
import { ApiError } from "../api/api-error.ts";
import { watchAttempt } from "./attempt-watch.ts";

/** Answers in turn; each is an attempt, an error to throw, or `hang`: nothing until the request is given up. */
function watch(answers: (Attempt | Error | "hang")[], isClosed = () => false) {
  const controller = new AbortController();
  let reads = 0;
  const end = watchAttempt({
    read: (signal) => {
      const answer = answers[Math.min(reads++, answers.length - 1)];
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer !== "hang") return Promise.resolve(answer!);
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
      });
    },
    isClosed,
    pause: async () => undefined,
    signal: controller.signal,
    patience: 20,
  });
  return { end, controller, reads: () => reads };
}

const connected: Attempt = { status: "connected" };

test("goes on after errors and after requests that hang", async () => {
  const { end, reads } = watch([
    new ApiError("network", "", 0),
    "hang",
    new ApiError("unavailable", "", 503),
    { status: "pending" },
    connected,
  ]);
  expect(await end).toEqual(connected);
  expect(reads()).toBe(5);
});

test("hanging requests after the window was closed do not count as answers", async () => {
  const { end } = watch(["hang", "hang", "hang", connected], () => true);
  expect(await end).toEqual(connected);
});

test("a window that closes in the middle and two answers that know nothing are the end", async () => {
  let looks = 0;
  const { end, reads } = watch([{ status: "pending" }], () => ++looks > 3);
  expect(await end).toEqual({ status: "closed" });
  expect(reads()).toBe(3 + 2);
});

test("what trying again cannot mend is thrown, and a stop ends it", async () => {
  await expect(watch([new ApiError("not_found", "", 404)]).end).rejects.toMatchObject({ code: "not_found" });
  const { end, controller } = watch(["hang"]);
  controller.abort();
  await expect(end).rejects.toMatchObject({ name: "AbortError" });
});
