// `shared/flow/oauth-providers.ts` from the data in npm's `grant` (MIT): which addresses some two hundred providers sign in at.
// `npm run providers [-- VERSION]` fetches that version's package and writes the extract anew; nothing of it is a dependency.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OAuthProvider } from "../shared/flow/oauth-provider.ts";
import { ROOT } from "./settings.ts";

const VERSION = process.argv[2] ?? "5.4.24";
const TARGET = join(ROOT, "shared/flow/oauth-providers.ts");

interface Entry {
  oauth?: number;
  authorize_url?: string;
  access_url?: string;
  scope_delimiter?: string;
}

/** Exchanges that are no OAuth 2.0 at all: an assertion in place of the code, a GET without a grant. */
const LEFT_OUT = new Set(["visualstudio", "untappd", "concur"]);
/** Those that want the client's secret in the Authorization header; all others take it in the body. */
const BASIC = new Set(["autodesk", "ebay", "fitbit", "homeaway", "hootsuite", "notion", "reddit", "trustpilot", "twitter2"]);
/** What `grant` does in code for single providers (lib/flow/oauth2.js). */
const QUIRKS: Record<string, Partial<OAuthProvider>> = {
  basecamp: { authorizeParams: { type: "web_server" }, tokenParams: { type: "web_server" } },
  freelancer: { scopeParam: "advanced_scopes" },
  keycloak: {
    authorizeUrl: "https://{{ account.domain }}/realms/{{ account.realm }}/protocol/openid-connect/auth",
    tokenUrl: "https://{{ account.domain }}/realms/{{ account.realm }}/protocol/openid-connect/token",
  },
  notion: { tokenEncoding: "json" },
  optimizely: { scopeParam: "scopes" },
  qq: { tokenEncoding: "query" },
  tiktok: { clientIdParam: "client_key" },
  unsplash: { scopeSeparator: " " },
  wechat: { tokenEncoding: "query", clientIdParam: "appid", clientSecretParam: "secret" },
  withings: { tokenParams: { action: "requesttoken" }, tokenAnswer: "{{ body.body }}" },
};

/** `[subdomain]` is asked of the user: as `account.subdomain` below a known host, as `account.domain` where it is the whole host. */
const address = (url: string) =>
  url.replace(/^https:\/\/\[subdomain\](?=\/)/, "https://{{ account.domain }}").replace("[subdomain]", "{{ account.subdomain }}");

function toProvider(name: string, entry: Entry): OAuthProvider {
  return {
    authorizeUrl: address(entry.authorize_url ?? ""),
    tokenUrl: address(entry.access_url ?? ""),
    scopeSeparator: entry.scope_delimiter ?? ",",
    tokenAuth: BASIC.has(name) ? "basic" : "body",
    ...QUIRKS[name],
  };
}

const folder = mkdtempSync(join(tmpdir(), "providers-"));
try {
  execFileSync("npm", ["pack", `grant@${VERSION}`, "--silent"], { cwd: folder });
  execFileSync("tar", ["xzf", `grant-${VERSION}.tgz`], { cwd: folder });
  const entries = JSON.parse(readFileSync(join(folder, "package/config/oauth.json"), "utf8")) as Record<string, Entry>;
  const license = readFileSync(join(folder, "package/LICENSE"), "utf8").trim();
  const known = Object.entries(entries).filter(([name, entry]) => entry.oauth === 2 && !LEFT_OUT.has(name));
  const lines = known.map(([name, entry]) => `  ${JSON.stringify(name)}: ${JSON.stringify(toProvider(name, entry))},`);
  writeFileSync(
    TARGET,
    `// Written by scripts/oauth-providers.ts from grant@${VERSION}, config/oauth.json: not to be changed by hand.
/*
${license}
*/
import type { OAuthProvider } from "./oauth-provider.ts";

/** Providers that an app file may name (\`provider: NAME\`), by name. */
export const OAUTH_PROVIDERS: Readonly<Record<string, OAuthProvider>> = {
${lines.join("\n")}
};
`,
  );
  execFileSync(join(ROOT, "node_modules/.bin/biome"), ["check", "--write", TARGET], { cwd: ROOT });
  console.log(`${known.length} providers of grant@${VERSION}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
