import { CATALOGUE_APPS } from "../../edge/catalogue/files.ts";
import { AppFile } from "../../shared/flow/app-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";

let ours: AppFile[] | undefined;

/** Apps by key: those that come with the product, and `given`, which go before. */
export function knownApps(given: readonly AppFile[]): Record<string, AppFile> {
  ours ??= CATALOGUE_APPS.flatMap((source) => {
    const result = readFile(source, AppFile);
    return result.ok ? [result.value] : [];
  });
  return Object.fromEntries([...ours, ...given].map((app) => [app.key, app]));
}
