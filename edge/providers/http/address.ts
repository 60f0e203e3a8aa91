// Which hosts an integration may not reach: this machine, private networks, cloud metadata. Judges the host of a parsed URL, which
// has already turned 2130706433, 0x7f.1, 0177.0.0.1 and full-width digits into 127.0.0.1. Names are judged by their text here; what they
// stand for is resolve-host.ts's (docs/decisions/0010-the-way-out.md).

const NAMES = /^(?:localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|broadcasthost|metadata|instance-data)$/;
const SUFFIXES = /\.(?:localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|in-addr\.arpa|ip6\.arpa|onion)$/;

/** [first address, prefix length] of what no flow has business with: RFC 6890's special registries, multicast, reserved. */
const IPV4_BLOCKS: [number, number][] = (
  [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 4],
    ["240.0.0.0", 4],
  ] as const
).map(([address, bits]) => [toNumber(address), bits]);

/** Whether `host` (with its port, where it has one) is among `hosts`; `*.example.com` stands for every host below example.com. */
export const isAmong = (hosts: readonly string[], host: string): boolean =>
  hosts.some((one) => one === host || (one.startsWith("*.") && one.length > 3 && host.endsWith(one.slice(1))));

/** Whether `hostname` (as `URL#hostname` gives it) names a place that calls from a flow must not reach. */
export function isForbiddenHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, "");
  if (host === "") return true;
  if (host.startsWith("[")) return isForbiddenIpv6(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isForbiddenIpv4(toNumber(host));
  return NAMES.test(host) || SUFFIXES.test(host) || !host.includes(".");
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isForbiddenIpv4(address: number): boolean {
  return IPV4_BLOCKS.some(([base, bits]) => {
    const size = 2 ** (32 - bits);
    return address >= base && address < base + size;
  });
}

function isForbiddenIpv6(text: string): boolean {
  const words = parseIpv6(text);
  if (!words) return true;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = words;
  const low = g * 65_536 + h;
  const zeros = a === 0 && b === 0 && c === 0 && d === 0;
  if (zeros && e === 0 && (f === 0 || f === 0xffff)) return f === 0 || isForbiddenIpv4(low); // ::, ::1, compatible; mapped
  if (zeros && e === 0xffff && f === 0) return true; // translated, RFC 2765
  if (a === 0x64 && b === 0xff9b) return c !== 0 || d !== 0 || e !== 0 || f !== 0 || isForbiddenIpv4(low); // NAT64; 64:ff9b:1::/48 is local
  if (a === 0x2002) return isForbiddenIpv4(b * 65_536 + c); // 6to4
  if (a === 0x2001 && b < 0x200) return true; // Teredo, ORCHID, benchmarking
  if (a === 0x2001 && b === 0xdb8) return true; // documentation
  return (a & 0xe000) !== 0x2000; // only global unicast is left: no fc00::/7, fe80::/10, fec0::/10, ff00::/8, 100::/64
}

/** The eight words of an IPv6 address as the URL parser prints it (no dotted quad, no zone); undefined where it is none. */
function parseIpv6(text: string): number[] | undefined {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return undefined;
  const words = (part: string) => (part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16)));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  if (gap < 0) return undefined;
  const all = [...left, ...Array<number>(gap).fill(0), ...right];
  return all.length === 8 && all.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffff) ? all : undefined;
}
