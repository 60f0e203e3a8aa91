import { expect, onTestFinished, test, vi } from "vitest";
import { LOCALES } from "../i18n/locales.ts";
import { showSetup } from "./setup-page.ts";
import { WORDS, wordsFor } from "./words.ts";

async function show(answer: Response | undefined): Promise<HTMLElement> {
  const fetched = vi.spyOn(globalThis, "fetch");
  if (answer) fetched.mockResolvedValue(answer);
  else fetched.mockRejectedValue(new TypeError("offline"));
  const root = document.createElement("main");
  document.body.append(root);
  onTestFinished(() => {
    root.remove();
    fetched.mockRestore();
  });
  await showSetup(root, "setup_x");
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({ headers: { authorization: "Bearer setup_x" } });
  return root;
}
const info = { workspace: "Ledgerly", flow: "hello", author: "<b>Grace</b>", user: "Ada", integration: null };

test("a link shows the setup of its flow, as the user that it stands for", async () => {
  const root = await show(Response.json(info));
  expect(root.querySelector("inlay-setup")?.getAttribute("flow")).toBe("hello");
  expect(root.querySelector("inlay-setup")?.getAttribute("token")).toBe("setup_x");
  expect(root.querySelector("p")?.textContent).toContain("<b>Grace</b> has begun this for you");
});

test("a link that is over, was used, or cannot be read says so", async () => {
  expect((await show(new Response("{}", { status: 401 }))).textContent).toContain("no longer works");
  expect((await show(Response.json({ ...info, integration: "int_1" }))).textContent).toContain("This is set up");
  expect((await show(undefined)).textContent).toContain("cannot be shown now");
});

test("the page speaks each of the widget's languages, and names who began in all of them", async () => {
  expect(Object.keys(WORDS).sort()).toEqual(["en", ...Object.keys(LOCALES)].sort());
  for (const [name, words] of Object.entries(WORDS)) {
    expect(Object.keys(words), name).toEqual(Object.keys(WORDS.en));
    expect(words.begun, name).toContain("{author}");
    if (name !== "en")
      for (const [key, text] of Object.entries(words)) expect(Object.entries(WORDS.en), name).not.toContainEqual([key, text]);
  }
  const languages = vi.spyOn(navigator, "languages", "get").mockReturnValue(["tlh", "he-IL", "en"]);
  onTestFinished(() => {
    languages.mockRestore();
    Object.assign(document.documentElement, { lang: "en", dir: "ltr" });
  });
  expect((await show(new Response("{}", { status: 401 }))).textContent).toContain(WORDS.he.over);
  expect([document.documentElement.lang, document.documentElement.dir]).toEqual(["he", "rtl"]);
  expect([wordsFor(["de-AT"]).lang, wordsFor(["not a tag", "zh-TW"]).lang, wordsFor([]).lang]).toEqual(["de", "en", "en"]);
});
