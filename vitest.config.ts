import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { BROWSER_FLAGS, findBrowser } from "./scripts/browser.ts";

const NEVER = ["**/node_modules/**", "**/dist/**"];

/** Not vitest's first group: on two cores, that one runs the browser's tests after all others, and the second core does nothing. */
const BESIDE = { groupOrder: 1 };

/** The journeys that take longest: begun last, one would keep a worker while the others have nothing left to do. */
const LONG = ["console-views", "setup", "popup-ways", "keyboard", "drafts", "console-tools"];

/** By size, as vitest does, but {@link LONG} ones first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => LONG.findIndex((name) => moduleId.endsWith(`/journeys/${name}.test.ts`)) >>> 0;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** What the console loads on demand. */
const CONSOLE_PACKAGES = [
  ...["select/select", "option/option", "dropdown/dropdown", "dropdown-item/dropdown-item"].map(
    (name) => `@awesome.me/webawesome/dist/components/${name}.js`,
  ),
  ...["autocomplete", "commands", "lang-json", "lang-yaml", "language", "lint", "merge", "search", "state", "view"].map(
    (name) => `@codemirror/${name}`,
  ),
  ...["@lezer/highlight", "lit/directive.js", "lit/directives/unsafe-html.js", "markdown-it", "uplot", "yaml"],
];

/** Four kinds of test: pure code in Node, the Worker in workerd, elements in a browser, journeys against the started product. */
export default defineConfig({
  test: {
    // Tests are refused a thousand times, and the edge logs each: that is no news.
    onConsoleLog: (text) => !text.includes('"event":"refused"'),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "node",
          include: ["shared/**/*.test.ts", "edge/engine/**/*.test.ts", "demo/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [...NEVER, "demo/journeys/**"],
          testTimeout: 20_000,
          sequence: BESIDE,
          isolate: false,
        },
      },
      async () => ({
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              cf: false,
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("edge/db/migrations"),
                PUBLIC_URL: "http://edge.test",
                // The newest and an older one, as in the middle of a rotation.
                INLAY_MASTER_KEY: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,k0:Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=",
                INLAY_BOOTSTRAP_TOKEN: "bootstrap-of-the-tests",
                INLAY_LOCAL_HOSTS: "",
                // Tests send what no caller does; those of limits set their own.
                INLAY_LIMITS: "off",
              },
              // Nothing leaves a test: what a test does not answer itself comes back as 599.
              outboundService: (request: Request) => new Response(`unexpected call to ${request.url}`, { status: 599 }),
            },
          }),
        ],
        test: {
          name: "edge",
          include: ["edge/**/*.test.ts"],
          exclude: [...NEVER, "edge/engine/**"],
          setupFiles: ["edge/testing/migrate.ts"],
          testTimeout: 20_000,
          sequence: BESIDE,
          // Each test makes a workspace of its own; a runtime for each file would take longer than the tests.
          isolate: false,
        },
      }),
      {
        // A frame without an origin asks for modules across origins; nothing but tests is served here.
        server: { cors: true },
        // Found late, behind imports on demand, they would load a page of tests a second time.
        optimizeDeps: { include: CONSOLE_PACKAGES },
        test: {
          name: "widget",
          include: ["widget/**/*.test.ts"],
          exclude: NEVER,
          testTimeout: 20_000,
          sequence: BESIDE,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            // Packages are made ready for the browser first, beside the edge's tests, which begin at the same time.
            connectTimeout: 240_000,
            provider: playwright({ launchOptions: { executablePath: findBrowser() ?? "chromium", args: BROWSER_FLAGS } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          name: "journeys",
          include: ["demo/journeys/**/*.test.ts"],
          globalSetup: "demo/journeys/prepare.ts",
          exclude: NEVER,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each starts a product of its own, and mostly waits: for a schedule, an app's rate limit, what a person would wait for.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
