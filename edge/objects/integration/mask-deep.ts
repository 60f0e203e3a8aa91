import { maskValues } from "../../providers/app/redact.ts";

/** `value` with every occurrence of the secrets masked: in texts at any depth, and in the names of properties. */
export function maskDeep<T>(value: T, secrets: readonly string[]): T {
  return secrets.length ? (mask(value, secrets) as T) : value;
}

function mask(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return maskValues(value, secrets);
  if (Array.isArray(value)) return value.map((item) => mask(item, secrets));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [maskValues(key, secrets), mask(item, secrets)]));
}
