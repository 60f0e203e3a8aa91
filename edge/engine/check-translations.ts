import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { fieldPaths } from "../../shared/flow/translations.ts";
import type { FaultList } from "./fault-list.ts";

/** That translations speak of what is there: a renamed key would leave users in the file's own language unnoticed. */
export function checkTranslations(flow: FlowFile, faults: FaultList): void {
  const known = {
    accounts: Object.keys(flow.accounts),
    pages: flow.setup.pages.map(({ key }) => key),
    fields: flow.setup.pages.flatMap(({ fields }) => fieldPaths(fields)),
    blocks: flow.blocks.map(({ key }) => key),
  };
  for (const [tag, words] of Object.entries(flow.translations ?? {})) {
    for (const part of ["accounts", "pages", "fields", "blocks"] as const)
      for (const key of Object.keys(words[part] ?? {})) {
        const path = `translations.${tag}.${part}.${key}`;
        if (!known[part].includes(key))
          faults.add("unknown_translation", `The flow has no ${part.slice(0, -1)} “${key}” to translate`, path);
      }
    for (const [key, { value }] of Object.entries(words.fields ?? {})) faults.template(value, `translations.${tag}.fields.${key}.value`);
  }
}
