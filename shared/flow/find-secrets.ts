// Credentials that have no place in a file that goes into git. Only forms that nothing else has: a false alarm would be switched off.

/** What stands where. The credential itself is not repeated. */
export interface FoundSecret {
  kind: string;
  line: number;
  column: number;
}

const FORMS: readonly [kind: string, form: RegExp][] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
  ["a Stripe key", /\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}/g],
  ["a Slack token", /\bxox[abeoprs]-[0-9A-Za-z-]{10,}/g],
  ["a GitHub token", /\b(?:gh[opsru]_[0-9A-Za-z]{30,}|github_pat_[0-9A-Za-z_]{30,})/g],
  ["a GitLab token", /\bglpat-[0-9A-Za-z_-]{16,}/g],
  ["a SendGrid key", /\bSG\.[\w-]{16,}\.[\w-]{16,}/g],
  ["a Shopify token", /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g],
  ["an AWS key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ["a Google key", /\bAIza[0-9A-Za-z_-]{35}/g],
  ["an Inlay token", /\binlay_[0-9A-Za-z]{20,}/g],
  ["a JSON Web Token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
  ["a password in an address", /\bhttps?:\/\/[^\s/:@"'{}]+:[^\s/@"'{}]+@/g],
];
/** `password: hunter2`: a plain value under a name that says what it is. Expressions, names of secrets and fields' types are none. */
const NAMED =
  /^\s*(?:-\s*\{?\s*)?["']?(?:password|passwd|client_?secret|api_?key|access_?token|auth_?token|private_?key)["']?:\s*["']?([^\s"'{}[\],#]{6,})["']?/gim;
const HARMLESS = /^(?:true|false|null|[A-Z][A-Z0-9_]*|\d+)$/;

/** Every credential in `text`, in order. */
export function findSecrets(text: string): FoundSecret[] {
  const found: { at: number; kind: string }[] = [];
  for (const [kind, form] of FORMS) for (const match of text.matchAll(form)) found.push({ at: match.index, kind });
  for (const match of text.matchAll(NAMED))
    if (!HARMLESS.test(match[1] ?? "")) found.push({ at: match.index + match[0].search(/\S/), kind: "a credential" });
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, kind }) => {
      const before = text.slice(0, at).split("\n");
      return { kind, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    });
}
