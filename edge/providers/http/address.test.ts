import { describe, expect, it } from "vitest";
import { isForbiddenHost } from "./address.ts";

const hostOf = (url: string) => new URL(url).hostname;

describe("a host on this machine, a private network or a cloud's metadata is forbidden in every spelling", () => {
  it.each([
    "https://127.0.0.1",
    "https://2130706433",
    "https://0x7f.1",
    "https://0x7f000001",
    "https://0177.0.0.1",
    "https://127.1",
    "https://127.0.1",
    "https://１２７.0.0.1",
    "https://127。0。0。1",
    "https://0.0.0.0",
    "https://0",
    "https://10.1.2.3",
    "https://100.64.0.1",
    "https://172.16.0.1",
    "https://172.31.255.255",
    "https://192.168.1.1",
    "https://169.254.169.254",
    "https://198.18.0.1",
    "https://192.0.2.1",
    "https://224.0.0.1",
    "https://255.255.255.255",
    "https://[::1]",
    "https://[0:0:0:0:0:0:0:1]",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:7f00:1]",
    "https://[::127.0.0.1]",
    "https://[::ffff:0:127.0.0.1]",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[64:ff9b:1::1]",
    "https://[2002:7f00:1::]",
    "https://[2002:a00:1::]",
    "https://[2001:0:1::1]",
    "https://[2001:db8::1]",
    "https://[fc00::1]",
    "https://[fd12:3456::1]",
    "https://[fe80::1]",
    "https://[febf::1]",
    "https://[fec0::1]",
    "https://[ff02::1]",
    "https://[100::1]",
    "https://localhost",
    "https://LOCALHOST",
    "https://localhost.",
    "https://foo.localhost",
    "https://foo.localhost.",
    "https://metadata.google.internal",
    "https://metadata",
    "https://router.local",
    "https://db.corp",
    "https://intranet",
    "https://1.168.192.in-addr.arpa",
  ])("%s", (url) => expect(isForbiddenHost(hostOf(url))).toBe(true));

  it("so is no host at all, and an address that does not parse", () => {
    expect(isForbiddenHost("")).toBe(true);
    expect(isForbiddenHost("[1:2:3]")).toBe(true);
    expect(isForbiddenHost("[1::2::3]")).toBe(true);
  });
});

describe("a public host is allowed", () => {
  it.each([
    "https://example.com",
    "https://api.example.co.uk.",
    "https://8.8.8.8",
    "https://172.32.0.1",
    "https://100.128.0.1",
    "https://192.169.0.1",
    "https://[2606:4700:4700::1111]",
    "https://[64:ff9b::808:808]",
    "https://[::ffff:8.8.8.8]",
    "https://[2002:808:808::1]",
    "https://localhost.example.com",
    "https://xn--mnchen-3ya.de",
  ])("%s", (url) => expect(isForbiddenHost(hostOf(url))).toBe(false));
});
