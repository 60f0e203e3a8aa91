import { expect, test } from "vitest";
import { sessionOf } from "../testing/place-view.ts";
import { rankCommands } from "./commands.ts";
import { commandsAtOnce } from "./read-commands.ts";

test("the palette finds the parts of Settings, and those alone that the member may see", () => {
  const found = (words: string, ...scopes: Parameters<typeof sessionOf>) =>
    rankCommands(commandsAtOnce(sessionOf(...scopes)), words).map(({ href }) => href?.replace(/^(\/console|#)/, ""));
  expect(found("audit", "read", "write", "events", "admin")).toContain("/settings/audit");
  expect(found("audit", "read")).toEqual([]);
  expect(found("variables", "read")).toContain("/settings/variables");
});
