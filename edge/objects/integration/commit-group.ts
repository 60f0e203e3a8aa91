// Writes that come close together, committed together: a commit costs what dozens of statements cost. What is written in one turn of the event
// loop is one transaction of the object's storage.

/** How long (ms) a write waits for others: the platform's shortest timer. */
const WAIT = 1;

export class CommitGroup {
  #waiting: (() => void)[] = [];

  /** Does `write` at once, or, where `isBusy`, within a millisecond together with others. Writes stay in order. Rejects with what `write` throws. */
  async write<T>(write: () => T, isBusy: boolean): Promise<T> {
    if (!isBusy) {
      this.flush();
      return write();
    }
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setTimeout(() => this.flush(), WAIT);
      this.#waiting.push(() => {
        try {
          resolve(write());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Does what waits. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const write of waiting) write();
  }
}
