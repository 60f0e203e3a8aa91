// The one way into the platform's log. Each entry is one line of JSON: nothing that comes from outside makes a line of its own, and whoever
// reads the log finds the same names in each.

/** What may stand in an entry beside its event. Errors are kept with their stack; nothing else that could hold a secret belongs here. */
type Details = Record<string, unknown>;

/** `error`: a fault of ours or of the platform. */
export const logFault = (event: string, details: Details): void => write("error", event, details);

/** `warn`: something that was refused, or tried in vain. */
export const logRefusal = (event: string, details: Details): void => write("warn", event, details);

function write(level: "error" | "warn", event: string, details: Details): void {
  const plain = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, value instanceof Error ? inWords(value) : value]));
  // biome-ignore lint/suspicious/noConsole: the one place
  console[level](JSON.stringify({ at: new Date().toISOString(), event, ...plain }));
}

const inWords = ({ name, message, stack, cause }: Error) => ({
  name,
  message,
  stack,
  ...(cause === undefined ? {} : { cause: String(cause) }),
});
