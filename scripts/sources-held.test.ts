// Promises that are held by what no source does: read in the sources themselves.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./settings.ts";

/** What is shipped: neither tests nor declarations, nor the catalogue's files as text. */
const sources = ["edge", "shared", "widget"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|\.d\.ts$|\/testing\/|^edge\/catalogue\/|^widget\/bench\//.test(name))
    .map((name) => ({ name, text: readFileSync(join(ROOT, name), "utf8") })),
);
const whereIs = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

describe("no source", () => {
  it("is left out", () => expect(sources.length).toBeGreaterThan(500));

  it("sends or listens to messages of other windows (ASVS 3.5.5)", () => {
    expect(whereIs(/\bpostMessage\b|\bonmessage\b|addEventListener\(\s*["'`]message["'`]/)).toEqual([]);
  });

  it("reads a body but where it is counted and timed", () => {
    expect(whereIs(/\breq(?:uest)?(?:\.raw)?\.(?:text|json|arrayBuffer|blob|bytes|formData|parseBody)\(/)).toEqual([
      "edge/http/cap-body.ts",
      "edge/http/idempotency.ts", // again, what was read there
    ]);
  });

  it("makes code of text (ASVS 1.3.2)", () => {
    expect(whereIs(/\beval\(|\bnew Function\(|\bsetTimeout\(\s*["'`]/)).toEqual([]);
  });

  it("makes a pattern of text but where that is its task, bounded or escaped (ASVS 1.2.9)", () => {
    expect(whereIs(/\bnew RegExp\(|\bRegExp\(/).sort()).toEqual([
      "edge/engine/block-reach.ts", // keys of fields: letters, digits, - and _
      "edge/engine/matches-pattern.ts", // what a builder wrote as a pattern, run with a budget of steps
      "edge/engine/regexp-nodes.ts", // one character or class of such a pattern
      "edge/security/hide-secrets.ts", // secrets, each character escaped
      "edge/setup-form/describe-form.ts", // a field's key
      "shared/flow/field-rules.ts", // a builder's pattern in the user's own browser; the edge passes its bounded one
      "widget/fields/rich-text.ts", // names of attributes, from a list in the file
    ]);
  });

  it("has ciphers, hashes or random numbers of its own, or weak ones for secrets (ASVS 11.2.1)", () => {
    expect(whereIs(/\bcrypto-js\b|\bcreateCipher\b|["'`](?:md5|des|rc4)["'`]|AES-CBC|AES-CTR/i)).toEqual([]);
    expect(whereIs(/Math\.random\(/).filter((name) => /^edge\/(?:security|db|routes|providers)\//.test(name))).toEqual([]);
  });
});
