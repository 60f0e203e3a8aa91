/** Checks of health (ms apart, and for the answer to each), and how many may fail before the edge counts as hung. */
const PULSE = 5_000;
const MISSED = 3;
/** What is being started has this long (ms). */
const STARTING = 120_000;

interface Watched {
  /** Starts it again. It may answer by then or later. */
  restart(): void | Promise<void>;
  /** Whether it need not be watched any more. */
  isOver?(): boolean;
  pulse?: number;
}

/** Calls `restart` where `url` has answered and does so no more: its process may be there, and deaf. */
export function watchHealth(url: string, { restart, isOver = () => false, pulse = PULSE }: Watched): void {
  let missed = -STARTING / pulse;
  const isHealthy = () =>
    fetch(url, { signal: AbortSignal.timeout(pulse) }).then(
      ({ ok }) => ok,
      () => false,
    );
  const check = async () => {
    missed = (await isHealthy()) ? 0 : missed + 1;
    if (isOver()) return;
    if (missed >= MISSED) {
      console.error("The edge does not answer; starting it again.");
      missed = -STARTING / pulse;
      await restart();
    }
    setTimeout(check, pulse).unref();
  };
  setTimeout(check, pulse).unref();
}
