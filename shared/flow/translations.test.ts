import { expect, test } from "vitest";
import { FlowFile } from "./flow-file.ts";
import { readFile } from "./read-file.ts";
import { pickTranslation, translateFlow } from "./translations.ts";

const SOURCE = `inlay: 1
key: orders
name: Orders to a sheet
description: Each paid order becomes a row.
category: Sales
accounts: { sheet: { app: sheets, label: Your sheet } }
setup:
  pages:
    - key: where
      title: Where to
      fields:
        - { key: mode, type: radio, label: Mode, help: How rows come, options: [{ value: new, label: New rows }, both] }
        - { key: lines, type: list, label: Lines, fields: [{ key: amount, type: number, label: Amount, validate: { min: 1, message: At least one } }] }
blocks: [{ key: paid, name: An order is paid, trigger: { manual: { label: Send now } }, steps: [] }]
translations:
  de:
    name: Bestellungen in eine Tabelle
    category: Verkauf
    accounts: { sheet: { label: Ihre Tabelle } }
    pages: { where: { title: Wohin } }
    fields:
      mode: { label: Art, options: { new: Neue Zeilen, both: Beides } }
      lines.amount: { label: Betrag, message: Mindestens eins }
    blocks: { paid: { name: Eine Bestellung ist bezahlt, label: Jetzt senden } }
  pt-BR: { name: Pedidos para uma planilha }
`;

function read(source: string): FlowFile {
  const result = readFile(source, FlowFile);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
}

test("a flow is read in the language asked for, and what is not translated stays", () => {
  const german = translateFlow(read(SOURCE), "de-AT");
  expect(german).toMatchObject({
    name: "Bestellungen in eine Tabelle",
    description: "Each paid order becomes a row.",
    category: "Verkauf",
    accounts: { sheet: { app: "sheets", label: "Ihre Tabelle" } },
    blocks: [{ key: "paid", name: "Eine Bestellung ist bezahlt", trigger: { manual: { label: "Jetzt senden" } } }],
  });
  const [page] = german.setup.pages;
  expect(page?.title).toBe("Wohin");
  expect(page?.fields[0]).toMatchObject({
    label: "Art",
    help: "How rows come",
    options: [
      { value: "new", label: "Neue Zeilen" },
      { value: "both", label: "Beides" },
    ],
  });
  expect(page?.fields[1]?.fields?.[0]).toMatchObject({ label: "Betrag", validate: { min: 1, message: "Mindestens eins" } });
});

test("a language without a translation, and no language, leave the file as it is", () => {
  const flow = read(SOURCE);
  expect(translateFlow(flow, "ja")).toBe(flow);
  expect(translateFlow(flow, undefined)).toBe(flow);
});

test.each([
  ["de", "German"],
  ["DE_at", "German"],
  ["pt", "Brazilian"],
  ["pt-PT", "Brazilian"],
  ["zh-Hans-SG", "simplified"],
  ["fr", undefined],
  ["d", undefined],
])("%s is served by %s", (wanted, name) => {
  const translations = { de: { name: "German" }, "pt-BR": { name: "Brazilian" }, "zh-Hans": { name: "simplified" } };
  expect(pickTranslation(translations, wanted)?.name).toBe(name);
});

test("an unknown key and a tag that is none are refused at their place", () => {
  const refused = readFile(SOURCE.replace("pages: { where: { title: Wohin } }", "pages: { where: { titel: Wohin } }"), FlowFile);
  expect(refused).toMatchObject({ ok: false, faults: [{ code: "unknown_key", path: "translations.de.pages.where.titel" }] });
  expect(readFile(SOURCE.replace("  pt-BR:", "  german!:"), FlowFile).ok).toBe(false);
});
