import { parse } from "yaml";

/** A field of a setup form that a member can fill in beforehand by a plain control; `later`: the user fills it in. */
export interface SetupFieldFact {
  key: string;
  label: string;
  help: string;
  kind: "text" | "long" | "number" | "email" | "url" | "date" | "time" | "password" | "toggle" | "choice" | "later";
  options: (readonly [value: string, label: string])[];
  initial: unknown;
}

const KINDS: Record<string, SetupFieldFact["kind"]> = {
  ...{ text: "text", textarea: "long", number: "number", email: "email", url: "url", date: "date", time: "time" },
  ...{ secret: "password", toggle: "toggle", select: "choice", radio: "choice" },
};
/** What shows something and asks for nothing. */
const SILENT = new Set(["html", "markdown", "heading", "divider", "copy", "button", "account"]);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const words = (value: unknown): string => (typeof value === "string" ? value : "");

/** The fields of a published version's setup form, in their order. */
export function readSetupFields(source: string): SetupFieldFact[] {
  const file: unknown = parse(source, { logLevel: "silent" });
  const setup = isRecord(file) && isRecord(file.setup) ? file.setup : {};
  return records(setup.pages)
    .flatMap((page) => records(page.fields))
    .flatMap((field) => {
      const type = words(field.type);
      if (SILENT.has(type)) return [];
      const options = optionsOf(field.options);
      // What is shown under a condition, or chosen from the app's own data, is better left to whoever sees the form.
      const isPlain = field.when === undefined && (KINDS[type] !== "choice" || options !== undefined);
      const initial = typeof field.default === "string" && field.default.includes("{{") ? undefined : field.default;
      const kind = isPlain ? (field.secret === true ? "password" : (KINDS[type] ?? "later")) : "later";
      return [
        {
          key: words(field.key),
          label: words(field.label) || words(field.key),
          help: words(field.help),
          kind,
          options: options ?? [],
          initial,
        },
      ];
    });
}

function optionsOf(options: unknown): SetupFieldFact["options"] | undefined {
  if (!Array.isArray(options)) return undefined;
  return options.map((one): readonly [string, string] =>
    isRecord(one) ? [String(one.value), words(one.label) || String(one.value)] : [String(one), String(one)],
  );
}
