// Server-sent events (WHATWG HTML, 9.2). No storage and no clock of its own: the ledger tells it what to send and when.
import type { MemberMessage } from "../../../shared/api/stream.ts";

const encoder = new TextEncoder();
/** Bytes that may wait for a slow reader before the stream is closed; it resumes with Last-Event-ID. */
const MAX_BACKLOG = 1_000_000;

/** One message as it goes over the wire; without an id where nobody can come back for it. */
export function eventText(id: number | null, { type, ...rest }: MemberMessage): string {
  return `${id === null ? "" : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(rest)}\n\n`;
}

/** One reader's open stream. `onClose` is called once, whoever closes it. */
export class EventStream {
  readonly user: string;
  readonly readable: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #onClose: () => void;

  constructor(user: string, onClose: () => void) {
    this.user = user;
    this.#onClose = onClose;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
    );
  }

  /** Sends `text`; closes where the reader is gone or too slow. */
  send(text: string): void {
    const controller = this.#controller;
    if (!controller) return;
    try {
      if ((controller.desiredSize ?? 0) < -MAX_BACKLOG) this.close();
      else controller.enqueue(encoder.encode(text));
    } catch {
      this.close();
    }
  }

  close(): void {
    const controller = this.#controller;
    if (!controller) return;
    this.#controller = undefined;
    try {
      controller.close();
    } catch {
      // closed by the reader already
    }
    this.#onClose();
  }
}
