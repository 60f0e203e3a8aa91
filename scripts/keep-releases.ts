// Assets of a Worker are those of its last deployment alone. A page that was loaded before it, or that names a version, still asks for its own
// chunks: so each deployment carries the files of earlier releases along, taken from the edge that serves them and checked by their hashes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashBytes, type Release, type Releases, writeReleases } from "./release.ts";

/** So many releases are kept, the new one included: a release has some 60 files, a Worker may have 20,000. */
export const KEPT_RELEASES = 50;

export type Kept = { ok: true; versions: string[] } | { ok: false; message: string };

/** Adds to `folder`, which holds a new build, what the edge at `url` serves of earlier releases. Refuses to change what a version means. */
export async function keepReleases(url: string, folder: string): Promise<Kept> {
  const [built] = readReleases(readFileSync(join(folder, "releases.json"), "utf8"));
  if (!built) return { ok: false, message: `${folder} holds no release: build it first.` };
  const answer = await fetch(new URL("/releases.json", url), { cache: "no-store" }).catch(() => undefined);
  // Nothing is there yet: the first deployment, or one from before there were releases.
  if (!answer || answer.status === 404) return { ok: true, versions: [] };
  if (!answer.ok)
    return { ok: false, message: `${url}/releases.json answered ${answer.status}: earlier releases cannot be kept. Try again.` };
  const served = readReleases(await answer.text());
  if (served.some(({ version, integrity }) => version === built.version && integrity !== built.integrity))
    return { ok: false, message: `The widget has changed since ${built.version} was released: raise "version" in package.json.` };
  const earlier = served.filter(({ version }) => version !== built.version).slice(0, KEPT_RELEASES - 1);
  for (const { file, integrity, chunks } of earlier)
    for (const [path, hash] of Object.entries({ [file]: integrity, ...chunks })) {
      const fault = await keepFile(url, folder, path, hash);
      if (fault) return { ok: false, message: fault };
    }
  writeReleases(folder, [built, ...earlier]);
  return { ok: true, versions: earlier.map(({ version }) => version) };
}

async function keepFile(url: string, folder: string, path: string, hash: string): Promise<string | undefined> {
  const file = join(folder, path);
  if (!file.startsWith(join(folder, "/"))) return `${url}/releases.json names a file outside its folder: ${path}`;
  if (existsSync(file)) return undefined;
  const answer = await fetch(new URL(path, url));
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!answer.ok || hashBytes(bytes) !== hash)
    return `${url}${path} is not what was released (status ${answer.status}). Deploy again, or look at who changed it.`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return undefined;
}

function readReleases(text: string): Release[] {
  const { releases } = JSON.parse(text) as Partial<Releases>;
  return Array.isArray(releases) ? releases : [];
}
