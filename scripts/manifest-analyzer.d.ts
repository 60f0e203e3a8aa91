declare module "@custom-elements-manifest/analyzer/cli.js" {
  /** Runs the analyzer and answers its manifest. */
  export function cli(options: { argv: string[]; cwd: string; noWrite: boolean }): Promise<unknown>;
}
