import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { publishBuild } from "./publish-build.ts";

/** A folder for builds and one that is served. */
function folders(): { built: string; served: string; build: (words: string) => void } {
  const root = mkdtempSync(join(tmpdir(), "inlay-publish-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [built, served] = [join(root, "built"), join(root, "served")];
  const build = (words: string) => {
    rmSync(built, { recursive: true, force: true });
    mkdirSync(join(built, "chunks"), { recursive: true });
    writeFileSync(join(built, `chunks/core-${words}.js`), words);
    writeFileSync(join(built, "inlay.js"), `import "./chunks/core-${words}.js"`);
    writeFileSync(join(built, "setup.css"), "always the same");
  };
  return { built, served, build };
}

test("a rebuild leaves the chunks of pages that are open, and does not touch what is the same", async () => {
  const { built, served, build } = folders();
  build("one");
  await publishBuild(built, served, { forgets: true });
  const before = statSync(join(served, "setup.css")).ino;
  build("two");
  await publishBuild(built, served);
  expect(readFileSync(join(served, "inlay.js"), "utf8")).toContain("core-two");
  expect(readdirSync(join(served, "chunks")).sort()).toEqual(["core-one.js", "core-two.js"]);
  expect(statSync(join(served, "setup.css")).ino).toBe(before);
});

test("a script that is read while it is replaced is the one before, whole", async () => {
  const { built, served, build } = folders();
  build("one");
  await publishBuild(built, served, { forgets: true });
  const before = statSync(join(served, "inlay.js")).ino;
  build("two");
  await publishBuild(built, served);
  expect(statSync(join(served, "inlay.js")).ino).not.toBe(before);
});

test("what no build makes any more is forgotten at the start", async () => {
  const { built, served, build } = folders();
  build("one");
  await publishBuild(built, served, { forgets: true });
  build("two");
  await publishBuild(built, served, { forgets: true });
  expect(readdirSync(join(served, "chunks"))).toEqual(["core-two.js"]);
});

test("nothing names a chunk before it is seen, and a newer build calls off the rest", async () => {
  const { built, served, build } = folders();
  const script = () => readFileSync(join(served, "inlay.js"), "utf8");
  build("one");
  await publishBuild(built, served, { forgets: true });
  build("two");
  const areSeen = async (chunks: string[]) => {
    expect(chunks).toEqual([join("chunks", "core-two.js")]);
    expect(readdirSync(join(served, "chunks"))).toContain("core-two.js");
    expect(script()).toContain("core-one");
    return script().includes("never");
  };
  await publishBuild(built, served, { areSeen });
  expect(script()).toContain("core-one");
  await publishBuild(built, served);
  expect(script()).toContain("core-two");
});
