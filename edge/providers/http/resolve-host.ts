// What a name stands for, asked over HTTPS (the JSON form of DNS over HTTPS that Cloudflare and Google speak). No fetch of its own: it is
// passed in. What was found is kept for a minute at most.
import { isForbiddenHost } from "./address.ts";

type Ask = (url: string, headers: Record<string, string>) => Promise<Response>;

const KEEP = 60_000;
const MAX_KEPT = 2_000;
/** Types of records: IPv4 and IPv6. */
const TYPES = { A: 1, AAAA: 28 };
const known = new Map<string, { addresses: string[]; until: number }>();

/** All addresses of `name`, as URLs hold them: IPv6 in brackets. Rejects where the resolver does not say. `now` in ms. */
export async function addressesOf(resolver: string, name: string, ask: Ask, now: number): Promise<string[]> {
  const key = `${resolver} ${name}`;
  const kept = known.get(key);
  if (kept && kept.until > now) return kept.addresses;
  const addresses = (await Promise.all([lookUp(resolver, name, "A", ask), lookUp(resolver, name, "AAAA", ask)])).flat();
  if (known.size >= MAX_KEPT) known.clear();
  known.set(key, { addresses, until: now + KEEP });
  return addresses;
}

async function lookUp(resolver: string, name: string, type: keyof typeof TYPES, ask: Ask): Promise<string[]> {
  const url = new URL(resolver);
  url.searchParams.set("name", name);
  url.searchParams.set("type", type);
  const answer = await ask(url.href, { accept: "application/dns-json" });
  if (!answer.ok) throw new Error(`the resolver answered ${answer.status}`);
  const { Answer: records = [] } = (await answer.json()) as { Answer?: { type: number; data: string }[] };
  const found = records.filter((one) => one.type === TYPES[type]).map(({ data }) => data);
  return type === "A" ? found : found.map((address) => `[${address}]`);
}

/** Whether one of `addresses` is a place that calls must not reach; what is no address is none that may be called. */
export const hasForbidden = (addresses: readonly string[]): boolean =>
  addresses.some((address) => {
    const url = URL.parse(`https://${address}/`);
    return !url || !/^[\d.]+$|^\[/.test(url.hostname) || isForbiddenHost(url.hostname);
  });
