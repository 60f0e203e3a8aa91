import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError } from "../edge-access.ts";

/** Whether the person at the terminal says yes, or types `word`. Where there is none, `--yes` must have been given (`isSure`). */
export async function askUser(question: string, isSure: boolean, word?: string): Promise<boolean> {
  if (isSure) return true;
  if (!process.stdin.isTTY) throw new CommandError("Nobody is there to ask. Look at what would change, and say --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(word === undefined ? `${question} [y/N] ` : `${question} Type “${word}” to go on: `);
  terminal.close();
  return word === undefined ? /^y(es)?$/i.test(answer.trim()) : answer.trim() === word.trim();
}

/** What is typed or piped in, up to its end, without line breaks around it. `isHidden`: nothing of it is shown while it is typed. */
export async function readInput(prompt: string, { isHidden = false }: { isHidden?: boolean } = {}): Promise<string> {
  if (process.stdin.isTTY) {
    process.stderr.write(prompt);
    const silent = new Writable({ write: (_, __, done) => done() });
    const terminal = createInterface({ input: process.stdin, output: isHidden ? silent : process.stderr, terminal: isHidden });
    const answer = await terminal.question("");
    terminal.close();
    if (isHidden) process.stderr.write("\n");
    return answer.trim();
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8").trim();
}
