import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { type DevInfo, Product, until } from "./product.ts";

const product = new Product();
let dev: DevInfo;
let person: Person;

beforeAll(async () => {
  dev = await product.start();
  person = await Person.arrive();
});
afterAll(async () => {
  await person?.leave();
  await product.stop();
});

const asked = () => new URL(person.page.url()).searchParams;

describe("a host page that binds the widget to its address", () => {
  it("leads back with the back button, and to the same place after a reload", async () => {
    const { page, widget } = person;
    await page.goto(`${dev.demoUrl}/integrations`);
    await person.button("Contacts to newsletter").click();
    await person.button("Set up").waitFor();
    expect(asked().get("flow")).toBe("contacts-to-newsletter");
    await widget.getByRole("tab", { name: "Accounts" }).click();
    await until("the address says so", async () => asked().get("view") === "accounts");
    await page.goBack();
    await person.button("Set up").waitFor();
    await page.reload();
    await person.button("Set up").waitFor();
    await page.goBack();
    await person.button("Orders to any endpoint").waitFor();
    expect(asked().get("flow")).toBeNull();
  });

  it.each(["light", "dark"])("wears the host's colours, and every text can be read: %s", async (theme) => {
    const { page } = person;
    await page.goto(`${dev.demoUrl}/integrations?theme=${theme}&flow=contacts-to-newsletter`);
    await person.button("Set up").waitFor();
    const [button, host] = await Promise.all([
      person.button("Set up").evaluate((element) => getComputedStyle(element).backgroundColor),
      page.getByRole("button", { name: "Mark invoice paid" }).evaluate((element) => getComputedStyle(element).backgroundColor),
    ]);
    expect(button).toBe(host);
    expect(await person.axe()).toEqual([]);
  });
});
