import { expect, test } from "vitest";
import { agentName } from "./agent-name.ts";

test("browsers that call themselves by others' names are told apart", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  expect(agentName(chrome)).toBe("Chrome, Windows");
  expect(agentName(`${chrome} Edg/140.0.0.0`)).toBe("Edge, Windows");
  expect(
    agentName("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"),
  ).toBe("Safari, iOS");
});

test("programs stay as they are", () => {
  expect(agentName("curl/8.9.1")).toBe("curl/8.9.1");
});
