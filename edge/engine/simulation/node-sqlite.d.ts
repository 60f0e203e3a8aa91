// As much of `node:sqlite` as the simulation uses: the edge is typed for Workers, and only the simulation runs in Node.
declare module "node:sqlite" {
  export class DatabaseSync {
    constructor(path: string);
    exec(sql: string): void;
    prepare(sql: string): { all(...bindings: unknown[]): Record<string, never>[]; get(): unknown };
    close(): void;
  }
}
