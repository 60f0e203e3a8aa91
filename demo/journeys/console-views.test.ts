// Every view of the console, with its parts: without findings in either theme, and offering each role what it may do, and nothing else.
// INLAY_PICTURES=1 keeps a picture of each in a folder that git ignores.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { allAddresses, cutOff, furnish, goOn, offeredBy, signIn, VIEW_PATHS } from "./console-crawl.ts";
import { Caller, type DevInfo, Product } from "./product.ts";
import { Sink } from "./sink.ts";

/** What each thing that is pressed needs. A name that is not here fails: say who may press it. */
const NEEDS: [scope: "nothing" | "events" | "write" | "admin", names: RegExp, at?: RegExp][] = [
  [
    "admin",
    /^(New secret|Replace|Remove|Register a key|Revoke|Edit|Switch (on|off)|Send a test)$/,
    /^\/settings\/(secrets|keys|sign-in|notifications)$/,
  ],
  ["admin", /^Remove for good…$/],
  ["nothing", /^(Redirect address|Sign-in address)$/],
  // Looking, arranging one's own Home, downloading, copying, one's own sessions.
  ["nothing", /^(Tiles|List|Move earlier|Move later|Pin|Unpin|Show .* more|Earlier|Later|Pin to the top)$/],
  ["nothing", /^[a-z_-]+(\.[a-z_]+)+$/],
  ["nothing", /^(Download|Download file|Compare|Side by side|Unified|Actions of .*|Copy.*|Flows|Any status|Clear.*|Close|Menu)$/],
  ["nothing", /^(Definition|Download CSV|Errors \(CSV\)|CSV|Runs over time|Sign out.*|Dismiss|All .*|To Home)$/],
  [
    "events",
    /^(Run run_.*|Select run_.*|Test|Run now|Retry.*|Cancel.*|Edit input and retry|Correct.*|Resolve.*|Open again|Assign.*|Add a tag|Tags.*)$/,
  ],
  ["write", /^(New flow|New folder|Rename.*|Delete.*|Publish…|Icon…|Fork|Clone…|Save as a template|Withdraw.*|Restore.*|Give to users)$/],
  ["write", /^(Make (un)?available|Edit labels|Edit|Deploy for a user…|Upgrade.*|Turn (on|off)|Remove…|Move to .*|Move integrations…)$/],
  [
    "write",
    /^(Connect an account|Connect anew…|Ask to reconnect…|Attach files|From OpenAPI|New app|Save|Try it|Forget|Add .*|Update .*|Webhook address…|Choose a document)$/,
  ],
  ["write", /^(New variable|Replace|Remove|Select .*)$/],
  ["admin", /^(Invite|Make a sign-in link|New token|Revoke|Add a provider|Add an address|Check.*|Verify.*)$/],
];
const SCOPES: Record<string, string[]> = {
  owner: ["nothing", "events", "write", "admin"],
  builder: ["nothing", "events", "write"],
  operator: ["nothing", "events"],
  viewer: ["nothing"],
};

const product = new Product();
const sink = new Sink();
let dev: DevInfo;
let host: Caller;
let owner: Person;
let things: Record<string, string>;
let addresses: string[] = [];

beforeAll(async () => {
  const sinkUrl = await sink.start();
  sink.status = 422;
  dev = await product.start();
  host = Caller.asHost(dev);
  things = await furnish(dev, host, Caller.asUser(dev, "ada"), sinkUrl);
  owner = await Person.arrive();
  await signIn(owner, host, "owner");
  addresses = await allAddresses(owner, things);
});
afterAll(async () => {
  await owner?.leave();
  await product.stop();
  await sink.stop();
});

describe("every view of the console", () => {
  it("is walked over: the table of views, and the parts that each shows", () => {
    expect(VIEW_PATHS.length).toBeGreaterThan(12);
    for (const part of ["/flows/walked/docs", "/settings/audit", "/users/ada/usage", `/integrations/${things.integration}/schedule`])
      expect(addresses).toContain(part);
  });

  it.each([
    ["a desk", 1280, 900],
    ["a phone", 390, 844],
  ])("has no findings on %s, in light and in dark colours", async (place, width, height) => {
    const { page } = owner;
    await page.setViewportSize({ width, height });
    const findings: string[] = [];
    for (const address of addresses) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        if (colorScheme === "light") await goOn(owner, address);
        // Colours are all that differs in the dark.
        const found = await owner.axe("inlay-console", colorScheme === "light" ? undefined : ["color-contrast"]);
        findings.push(...found.map((one) => `${address}: ${one}`));
        if (process.env.INLAY_PICTURES)
          await owner.picture(`view-${place.slice(2)}-${colorScheme}${address.replaceAll(/[^a-z0-9]+/gi, "-")}`);
      }
      findings.push(...(await cutOff(owner)).map((one) => `${address}: ${one}`));
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(findings).toEqual([]);
  });

  it.each(Object.keys(SCOPES))("offers what %s may do and nothing else, and asks for nothing that is refused", async (role) => {
    const person = role === "owner" ? owner : await Person.arrive();
    const refused: string[] = [];
    person.page.on("response", (answer) => {
      if (answer.url().includes("/v1/") && [401, 403].includes(answer.status())) refused.push(`${answer.status()} ${answer.url()}`);
    });
    if (person !== owner) await signIn(person, host, role);
    const [unknown, forbidden, offered] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const address of addresses) {
      await goOn(person, address);
      for (const name of await offeredBy(person)) {
        const need = NEEDS.find(([, names, at]) => names.test(name) && (at?.test(address) ?? true))?.[0];
        if (need === undefined) unknown.add(`${name} (${address})`);
        else if (!SCOPES[role]?.includes(need)) forbidden.add(`${name} (${address})`);
        else offered.add(need);
      }
    }
    expect([...forbidden]).toEqual([]);
    expect([...unknown]).toEqual([]);
    expect([...offered].sort()).toEqual([...(SCOPES[role] ?? [])].sort());
    expect(refused).toEqual([]);
    expect(person.faults).toEqual([]);
    if (person !== owner) await person.leave();
  });
});
