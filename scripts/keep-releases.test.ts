import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keepReleases } from "./keep-releases.ts";
import { describeRelease, type Releases, writeReleases } from "./release.ts";

/** A build of `version` whose one chunk says `words`. */
function build(version: string, words: string): string {
  const folder = mkdtempSync(join(tmpdir(), "inlay-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const chunk = `chunks/core-${words}.js`;
  mkdirSync(join(folder, "chunks"));
  writeFileSync(join(folder, chunk), `export const words = "${words}";`);
  writeFileSync(join(folder, "inlay.js"), `import "./${chunk}";`);
  const release = describeRelease(folder, version, [chunk]);
  writeFileSync(join(folder, release.file), readFileSync(join(folder, "inlay.js")));
  writeReleases(folder, [release]);
  return folder;
}

/** Serves `folder` as the edge does. */
async function serve(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, request.url ?? "")));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const versionsIn = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, "releases.json"), "utf8")) as Releases).releases.map(({ version }) => version);

test("a deployment carries the files of the releases before it, and theirs before them", async () => {
  const second = build("1.1.0", "second");
  expect(await keepReleases(await serve(build("1.0.0", "first")), second)).toEqual({ ok: true, versions: ["1.0.0"] });
  const third = build("2.0.0", "third");
  expect(await keepReleases(await serve(second), third)).toEqual({ ok: true, versions: ["1.1.0", "1.0.0"] });
  expect(versionsIn(third)).toEqual(["2.0.0", "1.1.0", "1.0.0"]);
  expect(readFileSync(join(third, "_redirects"), "utf8")).toContain("/inlay@1.0.0.js /inlay-1.0.0.js 200\n");
  expect(readFileSync(join(third, "inlay-1.0.0.js"), "utf8")).toBe('import "./chunks/core-first.js";');
  expect(readFileSync(join(third, "chunks/core-first.js"), "utf8")).toContain("first");
  expect(readFileSync(join(third, "inlay.js"), "utf8")).toContain("core-third");
});

test("the same build may be deployed again, another under the same version may not", async () => {
  const url = await serve(build("1.0.0", "first"));
  expect(await keepReleases(url, build("1.0.0", "first"))).toEqual({ ok: true, versions: [] });
  expect(await keepReleases(url, build("1.0.0", "other"))).toMatchObject({ ok: false, message: expect.stringMatching(/raise "version"/) });
});

test("the first deployment keeps nothing", async () => {
  expect(await keepReleases("http://127.0.0.1:9", build("1.0.0", "first"))).toEqual({ ok: true, versions: [] });
});

test("a file that is not what was released stops the deployment", async () => {
  const before = build("1.0.0", "first");
  writeFileSync(join(before, "chunks/core-first.js"), "tampered");
  expect(await keepReleases(await serve(before), build("1.1.0", "second"))).toMatchObject({
    ok: false,
    message: expect.stringMatching(/core-first\.js is not what was released/),
  });
});

test("a list that names files elsewhere writes nothing there", async () => {
  const before = build("1.0.0", "first");
  const [release] = (JSON.parse(readFileSync(join(before, "releases.json"), "utf8")) as Releases).releases;
  if (release) writeReleases(before, [{ ...release, chunks: { "/../escaped.js": "sha384-x" } }]);
  expect(await keepReleases(await serve(before), build("1.1.0", "second"))).toMatchObject({
    ok: false,
    message: expect.stringMatching(/outside/),
  });
});
