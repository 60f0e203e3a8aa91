import type { Message } from "../i18n.ts";

/** The setup form's words (`setup.` and `field.`) in English. */
export const setupEn = {
  "setup.loading": "Loading the form",
} as const satisfies Record<string, Message>;
