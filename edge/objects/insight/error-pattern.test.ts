import { expect, it } from "vitest";
import { groupId, patternOf, stepOf } from "./error-pattern.ts";

it("messages that differ in ids, numbers, dates, addresses and quoted values have one pattern", () => {
  for (const [a, b] of [
    ["Contact c_8f3kd2 not found", "Contact c_9zz1 not found"],
    ["Row 17 of 200: “ada@example.com” is no address", "Row 3 of 12: “x” is no address"],
    ["GET https://api.example.com/v1/x?id=4 answered 500", "GET https://api.example.com/v1/y answered 500"],
    [
      "Key 3f2504e0-4f89-11d3-9a0c-0305e82c3301 exists since 2026-01-02T03:04:05Z",
      "Key 9c5b94b1-35ad-49bb-b118-8e8fc24abf80 exists since 2025-12-31",
    ],
    ["limit of 1,000 reached for bob@a.io", "limit of 20 reached for ada@b.co.uk"],
  ] as const)
    expect(patternOf(a)).toBe(patternOf(b));
  expect(patternOf("Name is too long")).toBe("Name is too long");
  expect(patternOf("Name is too long")).not.toBe(patternOf("Name is too short"));
  expect(patternOf("x".repeat(5_000)).length).toBeLessThanOrEqual(300);
});

it("an HTTP status stays in the pattern: 422 and 503 are not the same trouble", () => {
  expect(patternOf("Pipeline answered 422: contact 17 has no name")).toBe("Pipeline answered 422: contact … has no name");
  expect(patternOf("Pipeline answered 422: contact 17")).not.toBe(patternOf("Pipeline answered 503: contact 17"));
  expect(patternOf("Request failed with status code 404 after 1200 ms")).toBe("Request failed with status code 404 after … ms");
  expect(patternOf("HTTP/1.1 502 from 10.0.0.1")).toBe("HTTP/1.1 502 from …");
  expect(patternOf("answered 42 of 500 rows")).toBe("answered … of … rows");
});

it("a group has the same id wherever in a loop its step failed", () => {
  expect(stepOf("each[3].rows[12].send")).toBe("each[].rows[].send");
  expect(groupId(["a", null])).toBe(groupId(["a", null]));
  expect(groupId(["a", "b"])).not.toBe(groupId(["ab", null]));
});
