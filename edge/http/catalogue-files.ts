// The app files and templates that come with the product, read once an isolate.
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { CATALOGUE_APPS, CATALOGUE_TEMPLATES } from "../catalogue/files.ts";
import { readAppSources, saveApp } from "../db/app-files.ts";
import type { Catalogue } from "../db/catalogue.ts";

/** A file of the catalogue: as it is written, and what it says. */
export interface CatalogueFile<T> {
  source: string;
  file: T;
}

let apps: Map<string, CatalogueFile<AppFile>> | undefined;
let templates: Map<string, CatalogueFile<FlowFile>> | undefined;

/** App files of the catalogue, by key. */
export function catalogueApps(): ReadonlyMap<string, CatalogueFile<AppFile>> {
  apps ??= new Map(
    CATALOGUE_APPS.flatMap((source) => {
      const result = readFile(source, AppFile);
      return result.ok ? [[result.value.key, { source, file: result.value }] as const] : [];
    }),
  );
  return apps;
}

/** Templates of the catalogue, by key. */
export function catalogueTemplates(): ReadonlyMap<string, CatalogueFile<FlowFile>> {
  templates ??= new Map(
    CATALOGUE_TEMPLATES.flatMap((source) => {
      const result = readFile(source, FlowFile);
      return result.ok ? [[result.value.key, { source, file: result.value }] as const] : [];
    }),
  );
  return templates;
}

/** Keys of the apps that a flow's account slots name. */
export const appsOf = (file: FlowFile): string[] => [...new Set(Object.values(file.accounts).map(({ app }) => app))];

/** Adds those of `keys` to the workspace that it does not have and the catalogue does. Answers the keys added. */
export async function addMissingApps(db: Catalogue, workspace: string, keys: readonly string[]): Promise<string[]> {
  const known = await readAppSources(db, workspace);
  const added: string[] = [];
  for (const key of keys) {
    const found = known.has(key) ? undefined : catalogueApps().get(key);
    if (!found) continue;
    await saveApp(db, workspace, found.source, found.file);
    added.push(key);
  }
  return added;
}
