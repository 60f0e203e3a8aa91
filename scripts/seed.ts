// Seeds a local Inlay through its own API: a workspace, the demo's apps and flows, keys and variables. Running it again changes what changed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { ensureSecrets, hostPublicJwk } from "./secrets.ts";
import { paths, ROOT, settings } from "./settings.ts";

/** Folder of the demo's flow files, app files and icons. */
export const CATALOGUE = join(ROOT, "demo/catalogue");

const demoUrl = `http://localhost:${settings.demoPort}`;
const pipelineUrl = `http://localhost:${settings.pipelinePort}`;
const postboxUrl = `http://localhost:${settings.postboxPort}`;

/** What scripts need to know of a local Inlay; `npx inlay dev --json` prints it. */
export interface DevInfo {
  edgeUrl: string;
  demoUrl: string;
  workspaceId: string;
  apiToken: string;
  pipelineUrl: string;
  pipelineToken: string;
  postboxUrl: string;
  postboxKey: string;
  users: string[];
}

async function call<T>(url: string, token: string, method: string, body?: unknown, type = "application/json"): Promise<T> {
  const payload =
    body === undefined ? null : type === "application/json" ? JSON.stringify(body) : (body as string | Uint8Array<ArrayBuffer>);
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (payload !== null) headers["content-type"] = type;
  const response = await fetch(url, { method, headers, body: payload });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 2_000)}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

const readDev = () => JSON.parse(readFileSync(paths.dev, "utf8")) as Pick<DevInfo, "workspaceId" | "apiToken">;

async function createWorkspace(edgeUrl: string, bootstrapToken: string): Promise<Pick<DevInfo, "workspaceId" | "apiToken">> {
  const body = { name: "Ledgerly", email: "owner@ledgerly.example" };
  const { id, apiToken } = await call<{ id: string; apiToken: string }>(`${edgeUrl}/v1/workspaces`, bootstrapToken, "POST", body);
  return { workspaceId: id, apiToken };
}

/** Seeds the edge that is (or will be) at `edgeUrl` and answers now at `via`; answers a sign-in address and the names of what was published anew. */
export async function seed(edgeUrl: string, via = edgeUrl): Promise<{ signInUrl: string; changed: string[] }> {
  const secrets = ensureSecrets();
  const workspace = existsSync(paths.dev) ? readDev() : await createWorkspace(via, secrets.bootstrapToken);
  const api = <T>(path: string, method: string, body?: unknown, type?: string) =>
    call<T>(`${via}/v1/workspace/${path}`, workspace.apiToken, method, body, type);

  await api(`keys/${secrets.hostKid}`, "PUT", { alg: "ES256", publicJwk: hostPublicJwk(secrets) });
  await api("variables/PIPELINE_URL", "PUT", { value: pipelineUrl });
  await api("variables/POSTBOX_URL", "PUT", { value: postboxUrl });
  await api("secrets/PIPELINE_CLIENT_ID", "PUT", { value: secrets.demo.PIPELINE_CLIENT_ID });
  await api("secrets/PIPELINE_CLIENT_SECRET", "PUT", { value: secrets.demo.PIPELINE_CLIENT_SECRET });
  const changed = await publishCatalogue(api);

  const info: DevInfo = {
    edgeUrl,
    demoUrl,
    workspaceId: workspace.workspaceId,
    apiToken: workspace.apiToken,
    pipelineUrl,
    pipelineToken: secrets.demo.PIPELINE_TOKEN,
    postboxUrl,
    postboxKey: secrets.demo.POSTBOX_KEY,
    users: ["ada", "grace"],
  };
  write(paths.dev, info);
  const { workspaceId, apiToken } = workspace;
  write(paths.ledgerly, { edgeUrl, workspaceId, kid: secrets.hostKid, privateJwk: secrets.hostPrivateJwk, apiToken });
  const { url } = await api<{ url: string }>("sign-in-links", "POST", { email: "owner@ledgerly.example" });
  return { signInUrl: url, changed };
}

function write(path: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text, { mode: 0o600 });
}

const TYPES: Record<string, string> = { ".svg": "image/svg+xml", ".png": "image/png" };

/** Pushes icons, apps, then flows; publishes the flows whose file differs from the published version. */
async function publishCatalogue(api: <T>(path: string, method: string, body?: unknown, type?: string) => Promise<T>): Promise<string[]> {
  const files = readdirSync(CATALOGUE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const changed: string[] = [];
  for (const file of files) {
    const type = TYPES[extname(file)];
    if (type) await api(`icons/${relative(CATALOGUE, file)}`, "PUT", readFileSync(file), type);
  }
  for (const file of files.filter((name) => name.endsWith(".app.yaml"))) {
    const app = await api<{ key: string; changed: boolean }>("apps", "POST", readFileSync(file, "utf8"), "application/yaml");
    if (app.changed) changed.push(app.key);
  }
  for (const file of files.filter((name) => name.endsWith(".flow.yaml"))) {
    const flow = await api<{ key: string; changed: boolean }>("flows", "POST", readFileSync(file, "utf8"), "application/yaml");
    if (!flow.changed) continue;
    await api(`flows/${flow.key}/versions`, "POST", { note: "From the demo's catalogue" });
    changed.push(flow.key);
  }
  return changed;
}
