// A release that comes after this one: the same code, with one more step of each schema that takes its time.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../settings.ts";

/** Rows that a step counts on its way: a third of a second or so. */
const SLOW = 1_500_000;
const COUNT = `(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ${SLOW}) SELECT count(*) FROM c)`;
const KEPT_OUT = new Set(["node_modules", "dist"]);

export class NextRelease {
  /** Inside the project, so that it finds the same packages. */
  readonly root = join(ROOT, ".inlay", `next-release-${process.pid}`);
  steps = 0;

  constructor() {
    mkdirSync(this.root, { recursive: true });
    for (const name of readdirSync(ROOT))
      if (!name.startsWith(".") && !KEPT_OUT.has(name)) cpSync(join(ROOT, name), join(this.root, name), { recursive: true });
  }

  /** Adds a step to the objects' schema and a migration of the catalogue. */
  addStep(): void {
    const n = ++this.steps;
    const text = `ALTER TABLE run ADD COLUMN next_${n} INTEGER; UPDATE run SET next_${n} = ${COUNT};`;
    this.#edit("edge/objects/integration/schema.ts", (source) => source.replace(/\n\];\s*$/, `\n  ${JSON.stringify(text)},\n];\n`));
    const rows = `CREATE TABLE next_${n} (n INTEGER NOT NULL);\n--> statement-breakpoint\nINSERT INTO next_${n} VALUES (${COUNT});\n`;
    const column = `--> statement-breakpoint\nALTER TABLE integrations ADD COLUMN next_${n} TEXT;\n`;
    writeFileSync(join(this.root, `edge/db/migrations/${9_000 + n}_next.sql`), rows + column);
  }

  /** Whether `columns` of a run's table say that each step was done, once. */
  isWhole(columns: readonly string[]): boolean {
    const own = columns.filter((name) => name.startsWith("next_"));
    return own.length === this.steps && new Set(own).size === this.steps;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #edit(path: string, change: (source: string) => string): void {
    const file = join(this.root, path);
    const before = readFileSync(file, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`${path} is not as it was expected to be`);
    writeFileSync(file, after);
  }
}
