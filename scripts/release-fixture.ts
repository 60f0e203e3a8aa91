// `npm run release:fixture`: writes what this release's code leaves in its databases to edge/testing/releases/VERSION, for the tests of
// every later release. Once a release, before its version is counted up.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { startVitest } from "vitest/node";
import { ROOT } from "./settings.ts";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
const folder = join(ROOT, "edge/testing/releases", version);

/** Keeps what the maker sends; nothing else leaves it. */
async function receive(request: Request): Promise<Response> {
  const { hostname, pathname } = new URL(request.url);
  if (hostname !== "fixture.test") return new Response(`unexpected call to ${request.url}`, { status: 599 });
  const text = await request.text();
  const isManifest = pathname === "/fixture.json";
  const body = isManifest ? `${JSON.stringify({ release: version, ...JSON.parse(text) }, null, 2)}\n` : text;
  writeFileSync(join(folder, basename(pathname)), body);
  return new Response(null, { status: 204 });
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const vitest = await startVitest(
  "test",
  [],
  { config: false, root: ROOT, watch: false, include: ["edge/testing/releases/make-fixture.ts"], setupFiles: ["edge/testing/migrate.ts"] },
  {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: join(ROOT, "wrangler.toml") },
        miniflare: {
          cf: false,
          bindings: {
            TEST_MIGRATIONS: await readD1Migrations(join(ROOT, "edge/db/migrations")),
            PUBLIC_URL: "http://edge.test",
            INLAY_MASTER_KEY: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            INLAY_BOOTSTRAP_TOKEN: "bootstrap-of-the-tests",
            INLAY_LOCAL_HOSTS: "",
            INLAY_LIMITS: "off",
          },
          outboundService: receive,
        },
      }),
    ],
  },
);
await vitest.close();
process.exit(vitest.state.getCountOfFailedTests() > 0 ? 1 : 0);
