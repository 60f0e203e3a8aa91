import type { ReactiveController, ReactiveControllerHost } from "lit";
import { asApiError } from "../../api/resource.ts";
import { type DraftState, editDraft, failDraft, openDraft, resolveDraft, sendDraft, settleDraft } from "./draft-machine.ts";
import { checkFile, type Revision, readDraft, saveDraft } from "./flow-api.ts";

const TYPING_MS = 600;
const AGAIN_MS = 4_000;
const keptName = (flow: string) => `inlay-console-draft:${flow}`;

/** Keeps one flow's draft saved as it is written. What could not be saved stays in this browser and is tried again. */
export class DraftController implements ReactiveController {
  state: DraftState | undefined;
  failure: string | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #flow: () => string;
  #opened = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | undefined;

  constructor(host: ReactiveControllerHost, flow: () => string) {
    this.#host = host;
    this.#flow = flow;
    host.addController(this);
  }

  hostUpdate(): void {
    const flow = this.#flow();
    if (flow === this.#opened) return;
    if (this.state?.status === "edited") void this.#save();
    this.#opened = flow;
    this.state = undefined;
    void this.open();
  }

  hostDisconnected(): void {
    void this.flush();
    this.#opened = "";
  }

  /** Reads the draft, with what this browser kept of an earlier visit. */
  async open(): Promise<void> {
    const flow = this.#flow();
    this.failure = undefined;
    try {
      const now = await readDraft(flow);
      const { faults } = await checkFile("flow", now.text);
      if (flow !== this.#opened) return;
      const kept = readKept(flow);
      if (!kept || kept.text === now.text) return this.#set(openDraft(now, faults));
      this.#set(openDraft(kept.base, faults));
      this.edit(kept.text);
    } catch (error) {
      this.failure = asApiError(error).message || "The draft could not be read.";
      this.#host.requestUpdate();
    }
  }

  edit(text: string): void {
    if (!this.state) return;
    this.#set(editDraft(this.state, text));
    keep(this.#opened, { text, base: this.state.base });
    this.#later(TYPING_MS);
  }

  resolve(text: string): void {
    if (!this.state) return;
    this.#set(resolveDraft(this.state, text));
    this.#later(0);
  }

  /** Saves now what is not saved; resolves when the server has it, or cannot be had. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
    if (this.state?.status === "edited" || this.state?.status === "offline") await this.#save();
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  #save(): Promise<void> {
    const flow = this.#opened;
    const state = this.state;
    if (!state || state.refusal) return Promise.resolve();
    const { text, base } = state;
    this.#set(sendDraft(state));
    this.#saving = saveDraft(flow, text, base.etag).then(
      (answer) => {
        if (!this.state || flow !== this.#opened) return;
        this.#set(settleDraft(this.state, text, answer));
        if (this.state.status === "saved") forget(flow);
        if (this.state.status === "edited") this.#later(answer.kind === "conflict" ? 0 : TYPING_MS);
      },
      (error: unknown) => {
        if (!this.state || flow !== this.#opened) return;
        const { retryable, message } = asApiError(error);
        this.#set(failDraft(this.state, message, retryable));
        if (retryable) this.#later(AGAIN_MS);
      },
    );
    return this.#saving;
  }

  #set(state: DraftState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}

/** What was typed, and what it was begun from: somebody else may have saved since, and the two are then merged. */
interface Kept {
  text: string;
  base: Revision;
}

function readKept(flow: string): Kept | undefined {
  try {
    const stored = localStorage.getItem(keptName(flow));
    return stored ? (JSON.parse(stored) as Kept) : undefined;
  } catch {
    return undefined;
  }
}

function keep(flow: string, kept: Kept): void {
  try {
    localStorage.setItem(keptName(flow), JSON.stringify(kept));
  } catch {
    // Full or forbidden: the text is in the page, and on its way to the server.
  }
}

function forget(flow: string): void {
  try {
    localStorage.removeItem(keptName(flow));
  } catch {
    // Nothing was kept.
  }
}
