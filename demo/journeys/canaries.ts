// Secrets that must lie nowhere: in no file that the edge keeps, in no line that it prints, in no answer. Searched for as bytes, so that
// write-ahead logs and pages that a database has freed are searched as well.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Secrets by the names that they are reported under. */
export type Secrets = Record<string, string>;

/** Base64 of `text` wherever it stands in something longer: three pieces, one for each place at which a group of three bytes may begin. */
function base64Pieces(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
    return whole.slice(before === 0 ? 0 : 4);
  });
}

/** How `secret` may stand somewhere: plain, in JSON (once and twice), in an address, in a form, in HTML, in hexadecimal, in base64 and base64url. */
export function spellings(secret: string): string[] {
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const address = encodeURIComponent(secret);
  const form = new URLSearchParams({ "": secret }).toString().slice(1);
  // OAuth's clients are named in a form's spelling, in base64 (RFC 6749, section 2.3.1).
  const base64 = [secret, form].flatMap(base64Pieces);
  const html = secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const hex = Buffer.from(secret).toString("hex");
  return [
    ...new Set([
      ...[secret, json(secret), json(json(secret)), address, form, html],
      ...[hex, hex.toUpperCase(), ...base64, ...base64.map((piece) => piece.replaceAll("+", "-").replaceAll("/", "_"))],
    ]),
  ];
}

/** The names of those that stand in `bytes`, in whatever spelling. */
export function findSecrets(bytes: string | Buffer, secrets: Secrets): string[] {
  const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return Object.entries(secrets).flatMap(([name, secret]) => (spellings(secret).some((one) => buffer.includes(one)) ? [name] : []));
}

/** Sweeps begun anew because a file went away meanwhile: a running product closes databases, and their write-ahead logs end in files already read. */
const MOST_SWEEPS = 5;

/** Those in the files below `folder`: `FILE: NAME`. Throws where there is no file, or where files keep going away. */
export function sweepFolder(folder: string, secrets: Secrets, sweep = 1): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    if (!files.length) throw new Error(`nothing to sweep in ${folder}`);
    return files.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return findSecrets(readFileSync(path), secrets).map((name) => `${relative(folder, path)}: ${name}`);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || sweep === MOST_SWEEPS) throw error;
    return sweepFolder(folder, secrets, sweep + 1);
  }
}
