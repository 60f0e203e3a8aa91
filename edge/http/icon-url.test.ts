import { describe, expect, it } from "vitest";
import { iconUrl } from "./icon-url.ts";

describe("an icon", () => {
  it.each([
    ["icons/x.svg", "http://edge.test/icons/ws_1/icons/x.svg"],
    ["../secret", null],
    ["a//b", null],
    ["/x.svg", null],
    ["https://elsewhere.test/x.svg", null],
    ["data:image/svg+xml,x", null],
    [null, null],
  ])("%s is at %s", (path, url) => expect(iconUrl("http://edge.test", "ws_1", path)).toBe(url));
});
