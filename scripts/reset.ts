// `npm run reset`: forgets everything that a local Inlay keeps.
import { rmSync } from "node:fs";
import { isPortFree } from "./child.ts";
import { settings } from "./settings.ts";

if (!(await isPortFree(settings.edgePort))) {
  console.error(`Port ${settings.edgePort} is in use: stop npm start first, then reset.`);
  process.exit(1);
}
rmSync(settings.state, { recursive: true, force: true });
console.log("All local data is gone. npm start begins anew.");
