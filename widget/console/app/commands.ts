import type { TemplateResult } from "lit";

/** Something that the palette offers: a place to go to, or a thing to do. `kind` says what it is, `words` what else it is found by. */
export interface Command {
  id: string;
  name: string;
  kind: string;
  words?: string;
  icon?: TemplateResult;
  href?: string;
  run?: (from: HTMLElement) => void;
}

/** Commands that match every word of `text`, the best first; all of them, as they are, where there is none. */
export function rankCommands(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...commands];
  return commands
    .map((command) => ({ command, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

/** 0 where a word is not found; more for the beginning of the name, then of a word in it, then anywhere. */
function scoreOf({ name, kind, words = "" }: Command, wanted: readonly string[]): number {
  const title = name.toLowerCase();
  const rest = `${kind} ${words}`.toLowerCase();
  let score = 0;
  for (const word of wanted) {
    const at = title.indexOf(word);
    if (at === 0) score += title.length === word.length ? 8 : 5;
    else if (at > 0) score += /[\s_.-]/.test(title[at - 1] ?? "") ? 4 : 3;
    else if (isSpread(word, title)) score += 1;
    else if (rest.includes(word)) score += 2;
    else return 0;
  }
  return score - title.length / 1_000;
}

/** Whether the letters of `word` stand in `text` in their order: `ctn` finds “contacts to newsletter”. */
function isSpread(word: string, text: string): boolean {
  let at = -1;
  for (const letter of word) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return word.length > 1;
}
