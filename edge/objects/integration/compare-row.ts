import { catalogue } from "../../db/catalogue.ts";
import { oweAgain } from "../../db/integrations.ts";
import { logFault } from "../../security/log-line.ts";
import type { Parts } from "./parts.ts";

/**
 * Lets the sweep switch the integration as its row in the catalogue says, where that says otherwise and knows of nothing that is owed. Of one
 * that is at work alone: whoever sleeps does nothing that its row does not say. Never rejects.
 */
export async function compareRow(parts: Parts): Promise<void> {
  const config = parts.configs.current;
  if (!config) return;
  try {
    await oweAgain(catalogue(parts.env), config, config.enabled, parts.now());
  } catch (error) {
    logFault("compare", { integration: config.id, error });
  }
}
