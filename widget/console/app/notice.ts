/** What the console says at its bottom for a few seconds. `undo` takes back what was done. */
export interface Notice {
  text: string;
  tone?: "done" | "failed";
  undo?: () => Promise<unknown>;
}

/** Asks the console that `from` stands in to show a notice. */
export function notify(from: HTMLElement, notice: Notice): void {
  from.dispatchEvent(new CustomEvent("console-notice", { detail: notice, bubbles: true, composed: true }));
}

/** Does `work`; says what came of it. Answers whether it was done. */
export async function attempt(
  from: HTMLElement,
  work: () => Promise<unknown>,
  done?: string,
  undo?: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    if (done) notify(from, { text: done, ...(undo ? { undo } : {}) });
    return true;
  } catch (error) {
    notify(from, { text: error instanceof Error && error.message ? error.message : "That did not work. Try again.", tone: "failed" });
    return false;
  }
}
