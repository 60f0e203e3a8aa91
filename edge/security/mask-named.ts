const MASK = "•••";
const SECRET = /authorization|cookie|token|secret|password|passwd|credential|api[-_]?key|access[-_]?key|private[-_]?key|signature/i;
const MAX_TEXT = 500;
const MAX_ITEMS = 50;
const MAX_DEPTH = 6;
const MAX_SIZE = 8_000;

/** `value` as a log may keep it: what has a secret's name is masked, long texts and lists are cut, at most 8 kB of JSON in all. */
export function maskNamed(value: unknown): unknown {
  const masked = mask(value, MAX_DEPTH);
  const size = JSON.stringify(masked)?.length ?? 0;
  return size <= MAX_SIZE ? masked : `(too long to keep: ${size} characters)`;
}

function mask(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (value === null || typeof value !== "object") return value;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => mask(item, depth - 1));
  const entries = Object.entries(value).map(([name, item]) => [name, SECRET.test(name) && !isPlain(item) ? MASK : mask(item, depth - 1)]);
  return Object.fromEntries(entries);
}

/** Nothing that could be a secret: absent, a yes or no, or the sign that one is stored. */
const isPlain = (item: unknown) =>
  item === null || item === undefined || typeof item === "boolean" || JSON.stringify(item) === '{"$secret":true}';
