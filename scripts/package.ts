// `npm run package`: builds the npm package into `dist/package` and packs it. `npm publish dist/package` publishes it.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildPackage, PACKAGE } from "./build-package.ts";
import { ROOT } from "./settings.ts";

const folder = join(ROOT, "dist/package");
await buildPackage(folder);
const { status, stdout, stderr } = spawnSync("npm", ["pack", "--json", "--pack-destination", join(ROOT, "dist"), folder], {
  encoding: "utf8",
  cwd: ROOT,
});
if (status !== 0) {
  console.error(`${stderr}\nnpm could not pack ${PACKAGE}: the lines above say why.`);
  process.exit(1);
}
const packed: unknown = JSON.parse(stdout);
const [first] = (Array.isArray(packed) ? packed : Object.values(packed as object)) as {
  filename: string;
  size: number;
  entryCount: number;
}[];
console.log(`${PACKAGE}: dist/${first?.filename}, ${first?.entryCount} files, ${first?.size} bytes`);
