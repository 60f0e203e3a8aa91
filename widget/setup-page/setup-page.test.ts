import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import { LOCALES } from "../i18n/locales.ts";
import { showSetup } from "./setup-page.ts";
import { WORDS, wordsFor } from "./words.ts";

async function show(answer: Response | undefined, token = "setup_x"): Promise<HTMLElement> {
  const fetched = vi.spyOn(globalThis, "fetch");
  if (answer) fetched.mockResolvedValue(answer);
  else fetched.mockRejectedValue(new TypeError("offline"));
  const root = document.createElement("main");
  document.body.append(root);
  onTestFinished(() => {
    root.remove();
    fetched.mockRestore();
  });
  await showSetup(root, token);
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({ headers: { authorization: `Bearer ${token}` } });
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

test("a link that asks to connect an account anew does it by the widget's own dialog, and then says that it is done", async () => {
  const app = {
    ...{ key: "shop", name: "Shop", icon: null, description: "" },
    auth: [
      {
        ...{ key: "key", type: "api_key", label: "API key" },
        fields: [{ key: "key", type: "secret", label: "Key", required: true, secret: true }],
      },
    ],
  };
  const account = { id: "acc_1", auth: "key", label: "Ada’s shop", status: "expired" };
  const link = { workspace: "Ledgerly", author: "<b>Grace</b>", account, app, isDone: false };
  const root = await show(Response.json(link), "renew_x");
  expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe("/v1/reconnect-link");
  expect(root.querySelector("p")?.textContent).toContain("<b>Grace</b> asks you to connect Shop again");
  vi.mocked(fetch).mockImplementation(async (url) => {
    if (new URL(String(url)).pathname === "/v1/accounts") return Response.json({ ...account, app: "shop", status: "connected" });
    return new Response("{}", { status: 404, headers: { "content-type": "application/problem+json" } });
  });
  await page.getByRole("button", { name: "Reconnect Shop" }).click();
  await page.getByLabelText("Key").fill("k-2");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await vi.waitFor(() => expect(root.textContent).toContain("Shop is connected again"));
  const sent = vi.mocked(fetch).mock.calls.find(([, init]) => init?.method === "POST");
  expect(JSON.parse(String(sent?.[1]?.body))).toEqual({ app: "shop", auth: "key", fields: { key: "k-2" }, account: "acc_1" });
  expect((await show(Response.json({ ...link, isDone: true }), "renew_x")).textContent).toContain("Shop is connected again");
});

test("the page speaks each of the widget's languages, and names who began in all of them", async () => {
  expect(Object.keys(WORDS).sort()).toEqual(["en", ...Object.keys(LOCALES)].sort());
  for (const [name, words] of Object.entries(WORDS)) {
    expect(Object.keys(words), name).toEqual(Object.keys(WORDS.en));
    for (const text of [words.begun, words.asked]) expect(text, name).toContain("{author}");
    for (const text of [words.asked, words.renewed]) expect(text, name).toContain("{app}");
    if (name !== "en")
      for (const [key, text] of Object.entries(words)) expect(Object.entries(WORDS.en), name).not.toContainEqual([key, text]);
  }
  const languages = vi.spyOn(navigator, "languages", "get").mockReturnValue(["tlh", "he-IL", "en"]);
  onTestFinished(() => {
    languages.mockRestore();
    Object.assign(document.documentElement, { lang: "en", dir: "ltr" });
  });
  expect((await show(new Response("{}", { status: 401 }))).textContent).toContain(WORDS.he.over);
  expect([document.documentElement.lang, document.documentElement.dir, document.title]).toEqual(["he", "rtl", WORDS.he.over]);
  expect((await show(Response.json(info))).querySelector("inlay-setup")?.getAttribute("lang")).toBe("he-IL");
  expect(wordsFor(["tlh", "he-IL"]).tag).toBe("he-IL");
  expect([wordsFor(["de-AT"]).lang, wordsFor(["not a tag", "zh-TW"]).lang, wordsFor([]).lang]).toEqual(["de", "en", "en"]);
});
