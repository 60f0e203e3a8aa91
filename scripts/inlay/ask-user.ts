import { createInterface } from "node:readline/promises";
import { CommandError } from "../edge-access.ts";

/** Whether the person at the terminal says yes. Where there is none, `--yes` must have been given (`isSure`). */
export async function askUser(question: string, isSure: boolean): Promise<boolean> {
  if (isSure) return true;
  if (!process.stdin.isTTY) throw new CommandError("Nobody is there to ask. Look at what would change, and say --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** What is typed or piped in, up to its end. */
export async function readInput(prompt: string): Promise<string> {
  if (process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(prompt);
    terminal.close();
    return answer.trim();
  }
  const chunks: string[] = [];
  for await (const chunk of process.stdin) chunks.push(String(chunk));
  return chunks.join("").trim();
}
