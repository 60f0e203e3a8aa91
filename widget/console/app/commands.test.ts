import { expect, test } from "vitest";
import { type Command, rankCommands } from "./commands.ts";

const command = (name: string, kind = "Flows", words = ""): Command => ({ id: name, name, kind, words });
const names = (text: string, ...all: Command[]) => rankCommands(all, text).map(({ name }) => name);

test("the beginning of a name comes before the inside of another", () => {
  expect(names("con", command("Beacon"), command("Contacts to newsletter"))).toEqual(["Contacts to newsletter", "Beacon"]);
});

test("every word has to be found, in any order", () => {
  expect(names("news con", command("Contacts to newsletter"), command("Contacts to CRM"))).toEqual(["Contacts to newsletter"]);
});

test("first letters and keys find as well", () => {
  expect(names("ctn", command("Contacts to newsletter"), command("Orders"))).toEqual(["Contacts to newsletter"]);
  expect(names("ada", command("Grace", "Users", "ada@example.com"))).toEqual(["Grace"]);
});

test("without words everything is offered as it is", () => {
  expect(names(" ", command("B"), command("A"))).toEqual(["B", "A"]);
});
