import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BROWSER_FLAGS, findBrowser } from "./scripts/browser.ts";

const NEVER = ["**/node_modules/**", "**/dist/**"];

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
    projects: [
      {
        test: {
          name: "node",
          include: ["shared/**/*.test.ts", "edge/engine/**/*.test.ts", "demo/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [...NEVER, "demo/journeys/**"],
          testTimeout: 20_000,
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
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: findBrowser() ?? "chromium", args: BROWSER_FLAGS } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          name: "journeys",
          include: ["demo/journeys/**/*.test.ts"],
          exclude: NEVER,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each starts a product of its own, and mostly waits: for a schedule, an app's rate limit, what a person would wait for.
          maxWorkers: 2,
        },
      },
    ],
  },
});
