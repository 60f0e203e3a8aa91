import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findSecrets } from "./find-secrets.ts";

// Put together here, so that no scanner takes this file for a leak.
const SAMPLES = [
  ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_"),
  ["xoxb", "123456789012", "abcdefGHIJKL"].join("-"),
  `ghp_${"a1B2".repeat(9)}`,
  `-----BEGIN RSA ${"PRIVATE"} KEY-----`,
  `inlay_${"x9".repeat(20)}`,
  "https://ada:hunter22@example.com/x",
  "client_secret: s3cr3t-value",
  '  - { "password": "hunter22" }',
];

it("credentials are found at their place", () => {
  for (const sample of SAMPLES) expect(findSecrets(`inlay: 1\n\n  ${sample}\n`)[0], sample).toMatchObject({ line: 3 });
});

it("nothing in the files that come with the product is taken for one", () => {
  const folders = ["../../demo/catalogue", "../../edge/catalogue/apps", "../../edge/catalogue/templates"];
  for (const folder of folders.map((one) => join(import.meta.dirname, one)))
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".yaml")))
      expect(findSecrets(readFileSync(join(folder, name), "utf8")), name).toEqual([]);
  expect(findSecrets("client: { id: A_CLIENT_ID, secret: A_CLIENT_SECRET }\npassword: '{{ account.password }}'\napi_key: true\n")).toEqual(
    [],
  );
});
