import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import { tab } from "../host/popup.ts";
import { expectAccessible } from "../testing/expect-accessible.ts";
import type { FakeEdge } from "../testing/fake-edge.ts";
import { refusal } from "../testing/fake-edge.ts";
import { CONTACTS, makeAccount, PIPELINE_TWO_WAYS, POSTBOX } from "../testing/fixtures.ts";
import { eventually, hasFocus, hear, place, prevent, reads, startEdge } from "../testing/place.ts";

/** A window as the browser would open it. `isCutOff`: it seems closed once it has left; else it is `seen` at the provider, whose address is not told. */
function fakeWindow(isCutOff = false) {
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  const location = {
    replace: vi.fn(() => {
      setTimeout(() => {
        popup.closed ||= isCutOff;
      }, 120);
      Object.defineProperty(location, "href", {
        get: () => {
          setTimeout(resolve, 400);
          throw new DOMException("Blocked a frame from accessing a cross-origin frame", "SecurityError");
        },
      });
    }),
  };
  const popup = { closed: false, seen, location, close: vi.fn(), focus: vi.fn() };
  popup.close.mockImplementation(() => {
    popup.closed = true;
  });
  return popup;
}

function stubOpen(opened: ReturnType<typeof fakeWindow> | null) {
  const open = vi.spyOn(window, "open").mockReturnValue(opened as unknown as Window | null);
  onTestFinished(() => open.mockRestore());
  return open;
}

async function openFlow(edge: FakeEdge) {
  edge.flows = edge.flows.map((flow) => (flow.key === CONTACTS.key ? { ...flow, appDetails: [...flow.appDetails] } : flow));
  const element = place("inlay-marketplace", { flow: CONTACTS.key });
  await expect.element(page.getByRole("button", { name: "Connect: Pipeline" })).toBeVisible();
  return element;
}
const connectPipeline = () => page.getByRole("button", { name: "Connect: Pipeline" });

test("the window opens in the click, goes to the provider, and closes when the edge says connected", async () => {
  const edge = startEdge();
  const [connected, before] = [hear("inlay-account-connected"), hear("inlay-before-connect")];
  const popup = fakeWindow();
  const open = stubOpen(popup);
  await openFlow(edge);
  (connectPipeline().element() as HTMLElement).click();
  expect(open).toHaveBeenCalledOnce();
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  await eventually(() => expect(popup.location.replace).toHaveBeenCalledWith("about:blank#provider"));
  const account = makeAccount("acc_9", "pipeline", { label: "Ada’s Pipeline" });
  edge.accounts = [account];
  edge.attempt = { status: "connected", account, existed: true };
  await expect.element(page.getByText("Ada’s Pipeline")).toBeVisible();
  expect(popup.closed).toBe(true);
  expect(before).toEqual([{ app: "pipeline" }]);
  expect(connected).toEqual([{ account: "acc_9", app: "pipeline", existed: true }]);
  expect(page.getByRole("dialog").elements()).toEqual([]);
});

test("a closed window is noticed, said, and can be opened again", async () => {
  const edge = startEdge();
  const failed = hear("inlay-account-failed");
  const popup = fakeWindow();
  const open = stubOpen(popup);
  await openFlow(edge);
  await connectPipeline().click();
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  await popup.seen;
  popup.closed = true;
  await expect.element(page.getByRole("alert")).toBeVisible();
  await reads(page.getByRole("alert"), /closed before access was given/);
  expect(failed).toMatchObject([{ app: "pipeline", reason: "popup-closed" }]);
  open.mockReturnValue(fakeWindow() as unknown as Window);
  await page.getByRole("button", { name: "Continue to Pipeline" }).click();
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
});

test("H05 a provider that cuts the tie to its window still connects, though the window seemed closed", async () => {
  const edge = startEdge();
  const connected = hear("inlay-account-connected");
  const popup = fakeWindow();
  stubOpen(popup);
  await openFlow(edge);
  await connectPipeline().click();
  await popup.seen;
  popup.closed = true;
  await expect.element(page.getByRole("alert")).toBeVisible();
  edge.attempt = { status: "connected", account: makeAccount("acc_9", "pipeline") };
  await eventually(() => expect(connected).toHaveLength(1));
});

test("H05 a window that was never seen at the provider may be cut off: nothing is told of it, and it connects", async () => {
  const edge = startEdge();
  const [connected, failed] = [hear("inlay-account-connected"), hear("inlay-account-failed")];
  const popup = fakeWindow(true);
  stubOpen(popup);
  await openFlow(edge);
  await connectPipeline().click();
  await eventually(() => expect(popup.closed).toBe(true));
  // More than any window would be given that was closed.
  await eventually(() => {
    dispatchEvent(new Event("focus"));
    expect(edge.callsOf("GET /v1/accounts/attempts/").length).toBeGreaterThan(10);
  });
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  expect(failed).toEqual([]);
  edge.attempt = { status: "connected", account: makeAccount("acc_9", "pipeline") };
  await eventually(() => expect(connected).toHaveLength(1));
  expect(failed).toEqual([]);
});

test.each(["before", "after"])("a window that is closed %s it was sent to the provider, and still blank, is noticed", async (when) => {
  const edge = startEdge();
  const failed = hear("inlay-account-failed");
  const popup = fakeWindow();
  popup.closed = when === "before";
  popup.location.replace.mockImplementation(() => void setTimeout(popup.close, 100));
  stubOpen(popup);
  await openFlow(edge);
  await connectPipeline().click();
  await eventually(() => expect(failed).toMatchObject([{ reason: "popup-closed" }]));
  expect(popup.location.replace).toHaveBeenCalledTimes(when === "before" ? 0 : 1);
});

test("H05 a window that is gone while the user is still in another one was cut off: nothing is told when they look back, and it connects", async () => {
  const edge = startEdge();
  const [connected, failed] = [hear("inlay-account-connected"), hear("inlay-account-failed")];
  const isLeft = vi.spyOn(tab, "isLeft").mockReturnValue(true);
  onTestFinished(() => isLeft.mockRestore());
  const popup = fakeWindow();
  const open = stubOpen(popup);
  await openFlow(edge);
  await connectPipeline().click();
  await popup.seen;
  popup.closed = true;
  const looks = () => edge.callsOf("GET /v1/accounts/attempts/").length;
  const lookOften = (times: number) =>
    eventually(() => {
      dispatchEvent(new Event("focus"));
      expect(looks()).toBeGreaterThan(times);
    });
  await lookOften(3);
  isLeft.mockReturnValue(false);
  // More than any window would be given that was closed.
  await lookOften(looks() + 8);
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  expect(failed).toEqual([]);
  await page.getByRole("button", { name: "Show the window" }).click();
  expect(open).toHaveBeenCalledTimes(2);
  edge.attempt = { status: "connected", account: makeAccount("acc_9", "pipeline") };
  await eventually(() => expect(connected).toHaveLength(1));
  expect(failed).toEqual([]);
});

test("a blocked window is explained, with a link that opens it", async () => {
  const edge = startEdge();
  const failed = hear("inlay-account-failed");
  stubOpen(null);
  await openFlow(edge);
  await connectPipeline().click();
  await expect.element(page.getByText("Your browser blocked the window")).toBeVisible();
  await expect.element(page.getByRole("link", { name: "Open Pipeline" })).toHaveAttribute("href", "about:blank#provider");
  expect(failed).toMatchObject([{ reason: "popup-blocked" }]);
});

test("where no window can be had at all, this tab goes to the provider, which leads back to the page", async () => {
  const edge = startEdge();
  stubOpen(null);
  const [isWhole, goTo] = [vi.spyOn(tab, "isWhole").mockReturnValue(true), vi.spyOn(tab, "goTo").mockReturnValue()];
  onTestFinished(() => {
    isWhole.mockRestore();
    goTo.mockRestore();
  });
  await openFlow(edge);
  await connectPipeline().click();
  await page.getByRole("button", { name: "Continue in this tab" }).click();
  await eventually(() => expect(goTo).toHaveBeenCalledWith("about:blank#provider"));
  expect(edge.callsOf("POST /v1/accounts/authorize").at(-1)?.body).toMatchObject({ app: "pipeline", returnTo: location.href });
});

test("a page in a frame stays: a provider would not show in it", async () => {
  const edge = startEdge();
  stubOpen(null);
  await openFlow(edge);
  await connectPipeline().click();
  await expect.element(page.getByRole("link", { name: "Open Pipeline" })).toBeVisible();
  expect(page.getByRole("button", { name: "Continue in this tab" }).elements()).toEqual([]);
});

test("a page that was loaded again in the middle shows the account that was connected meanwhile", async () => {
  const edge = startEdge();
  stubOpen(fakeWindow());
  const before = await openFlow(edge);
  await connectPipeline().click();
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  before.remove();
  edge.accounts = [makeAccount("acc_9", "pipeline", { label: "Ada’s Pipeline" })];
  place("inlay-marketplace", { flow: CONTACTS.key });
  await expect.element(page.getByText("Ada’s Pipeline")).toBeVisible();
});

test("a denied consent is told in words", async () => {
  const edge = startEdge();
  const failed = hear("inlay-account-failed");
  stubOpen(fakeWindow());
  edge.attempt = { status: "failed", reason: "denied", message: "access_denied" };
  await openFlow(edge);
  await connectPipeline().click();
  await reads(page.getByRole("alert"), /declined there/);
  expect(failed).toMatchObject([{ app: "pipeline", reason: "denied" }]);
});

test("inlay-before-connect prevents the window", async () => {
  const edge = startEdge();
  prevent("inlay-before-connect");
  const open = stubOpen(fakeWindow());
  await openFlow(edge);
  await connectPipeline().click();
  expect(open).not.toHaveBeenCalled();
  expect(edge.callsOf("POST /v1/accounts/authorize")).toEqual([]);
});

test("a wrong key stands at its field, keeps what was typed, and the right one connects", async () => {
  const edge = startEdge();
  const [failed, connected] = [hear("inlay-account-failed"), hear("inlay-account-connected")];
  edge.on("POST /v1/accounts", ({ body }) =>
    (body as { fields: { key: string } }).fields.key === "right"
      ? undefined
      : refusal(422, "invalid", "Postbox refused the key", [
          { path: "fields.key", code: "invalid", message: "Postbox does not know this key." },
        ]),
  );
  await openFlow(edge);
  await page.getByRole("button", { name: "Connect: Postbox" }).click();
  const key = page.getByLabelText("API key", { exact: true });
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(key).toHaveAccessibleDescription(/Fill this in/);
  expect(edge.callsOf("POST /v1/accounts")).toEqual([]);
  await key.fill("wrong");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(key).toHaveAccessibleDescription(/Postbox does not know this key/);
  await hasFocus(key);
  await expect.element(key).toHaveValue("wrong");
  expect(failed).toEqual([{ app: "postbox", reason: "invalid", message: "Postbox does not know this key." }]);
  await key.fill("right");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  expect(connected).toEqual([{ account: "acc_new", app: "postbox", existed: false }]);
  expect(edge.callsOf("POST /v1/accounts").at(-1)?.body).toEqual({ app: "postbox", auth: "key", fields: { key: "right" } });
});

test("a key goes out without the blanks at its ends that a paste brings, those without width as well", async () => {
  const edge = startEdge();
  await openFlow(edge);
  await page.getByRole("button", { name: "Connect: Postbox" }).click();
  const key = page.getByLabelText("API key", { exact: true });
  await key.fill("\u200b\ufeff \u2060");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(key).toHaveAccessibleDescription(/Fill this in/);
  await key.fill("\ufeff\u200b key\u200bone\u2060\n ");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  expect(edge.callsOf("POST /v1/accounts").map(({ body }) => body)).toEqual([
    { app: "postbox", auth: "key", fields: { key: "key\u200bone" } },
  ]);
});

test("a refused key is told in the user's language, and by the app in its own", async () => {
  const edge = startEdge();
  const params = { app: "Postbox", by: "Postbox", status: "401", said: "No such key" };
  const answers = [
    refusal(422, "invalid", "Refused", [{ path: "fields.key", code: "invalid", message: "In English", params }]),
    refusal(422, "invalid", "Refused", [{ path: "fields.key", code: "character", message: "In English" }]),
    refusal(502, "app_failed", "In English", [{ path: "app", code: "unavailable", message: "In English", params: { app: "Postbox" } }]),
    refusal(422, "invalid", "Refused", [{ path: "account", code: "new_one", message: "A newer edge's words" }]),
  ];
  edge.on("POST /v1/accounts", () => answers.shift());
  place("inlay-marketplace", { flow: CONTACTS.key, lang: "de" });
  await page.getByRole("button", { name: "Verbinden: Postbox" }).click();
  await page.getByLabelText("API key", { exact: true }).fill("wrong");
  for (const words of [
    /Postbox hat das nicht angenommen\. .* Postbox antwortete mit 401: No such key/,
    /Zeilenumbruch oder ein unsichtbares Zeichen/,
    /Postbox kann das gerade nicht prüfen/,
    "A newer edge's words",
  ]) {
    await page.getByRole("button", { name: "Verbinden", exact: true }).click();
    await expect.element(page.getByText(words)).toBeVisible();
  }
});

const SIGN_INS = [
  ["error", { code: "sign_in", params: { app: "Pipeline", by: "Pipeline", said: "unknown scope" } }, /Pipeline sagt: „unknown scope“/],
  ["error", { code: "unavailable", params: { app: "Pipeline" } }, /Pipeline kann das gerade nicht prüfen/],
  ["error", { code: "setting", params: { app: "Pipeline" } }, /Pipeline kann nicht verbunden werden/],
  ["invalid", { code: "other_account", params: { app: "Pipeline" } }, /gehört zu einem anderen Konto/],
] as const;

test.each(SIGN_INS)("a sign-in that fails (%s, %j) is told in the user's language", async (reason, why, words) => {
  const edge = startEdge();
  stubOpen(fakeWindow());
  place("inlay-marketplace", { flow: CONTACTS.key, lang: "de" });
  await page.getByRole("button", { name: "Verbinden: Pipeline" }).click();
  edge.attempt = { status: "failed", reason, message: "In English", why: { code: why.code, params: { ...why.params } } };
  await reads(page.getByRole("alert"), words);
  expect(page.getByText("In English").elements()).toEqual([]);
});

test("a sign-in that cannot begin is told in the user's language", async () => {
  const edge = startEdge();
  stubOpen(fakeWindow());
  const errors = [{ path: "app", code: "setting", message: "In English", params: { app: "Pipeline" } }];
  edge.on("POST /v1/accounts/authorize", () => refusal(502, "app_failed", "In English", errors));
  place("inlay-marketplace", { flow: CONTACTS.key, lang: "de" });
  await page.getByRole("button", { name: "Verbinden: Pipeline" }).click();
  await reads(page.getByRole("alert"), /Pipeline kann nicht verbunden werden/);
});

test("an app with several ways asks which", async () => {
  const edge = startEdge();
  edge.flows = [{ ...CONTACTS, appDetails: [PIPELINE_TWO_WAYS, POSTBOX] }];
  place("inlay-marketplace", { flow: CONTACTS.key });
  await connectPipeline().click();
  await page.getByRole("button", { name: "Use an access token" }).click();
  await hasFocus(page.getByLabelText("Access token", { exact: true }));
});

test("connect(app) settles: with the account, or with the reason of the first failure", async () => {
  const edge = startEdge();
  const element = await openFlow(edge);
  const wrong = expect(element.connect("postbox")).rejects.toMatchObject({ name: "ConnectError", reason: "invalid" });
  edge.on("POST /v1/accounts", () => refusal(422, "invalid", "Wrong key", [{ path: "fields.key", code: "invalid", message: "Wrong key" }]));
  await page.getByLabelText("API key", { exact: true }).fill("x");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await wrong;
  await page.getByRole("button", { name: "Cancel" }).click();
  const unknown = element.connect("nothing");
  await expect(unknown).rejects.toMatchObject({ code: "not_found" });
  const [failed, errors] = [hear("inlay-account-failed"), hear("inlay-error")];
  const dismissed = expect(element.connect("postbox")).rejects.toMatchObject({ reason: "popup-closed" });
  await page.getByRole("button", { name: "Cancel" }).click();
  await dismissed;
  expect(failed).toMatchObject([{ reason: "popup-closed" }]);
  expect(errors).toEqual([]);
});

test("an element that the host moves goes on connecting, with what was typed", async () => {
  const edge = startEdge();
  const failed = hear("inlay-account-failed");
  const other = document.createElement("div");
  document.body.append(other);
  onTestFinished(() => other.remove());
  const element = await openFlow(edge);
  await page.getByRole("button", { name: "Connect: Postbox" }).click();
  const key = page.getByLabelText("API key", { exact: true });
  await key.fill("right");
  other.append(element);
  await expect.element(key).toHaveValue("right");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  const popup = fakeWindow();
  const open = stubOpen(popup);
  await connectPipeline().click();
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  document.body.append(element);
  const account = makeAccount("acc_9", "pipeline", { label: "Ada’s Pipeline" });
  edge.accounts = [...edge.accounts, account];
  edge.attempt = { status: "connected", account };
  await expect.element(page.getByText("Ada’s Pipeline")).toBeVisible();
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  expect(open).toHaveBeenCalledOnce();
  expect(edge.callsOf("POST /v1/accounts/authorize")).toHaveLength(1);
  expect(failed).toEqual([]);
});

test("removing the element settles what was under way", async () => {
  const edge = startEdge();
  const element = await openFlow(edge);
  const pending = expect(element.connect("postbox")).rejects.toMatchObject({ reason: "popup-closed" });
  await expect.element(page.getByRole("dialog")).toBeVisible();
  element.remove();
  await pending;
});

test("axe finds nothing in the dialog", async () => {
  const edge = startEdge();
  const element = await openFlow(edge);
  await page.getByRole("button", { name: "Connect: Postbox" }).click();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect.element(page.getByText("Fill this in")).toBeVisible();
  await expectAccessible(element);
});
