import type { Command } from "./command.ts";
import { app, compareFiles, fetchFiles, signIn, storeFiles, test, validate } from "./file-commands.ts";
import { LIST_COMMANDS } from "./list-commands.ts";
import { api, audit, dev, keys, logs, run, secrets, workspaces } from "./workspace-commands.ts";

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...[dev, signIn, workspaces, fetchFiles, storeFiles, compareFiles, validate, test],
  ...[run, logs, ...LIST_COMMANDS, secrets, keys, api, app, audit],
];
