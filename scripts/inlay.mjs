#!/usr/bin/env node
// The `inlay` command: hands over to inlay.ts on the Node that this project pins.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
process.argv.splice(2, 0, "scripts/inlay.ts");
await import(join(here, "with-node.mjs"));
