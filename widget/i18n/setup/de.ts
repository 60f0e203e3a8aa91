import type { Message } from "../i18n.ts";
import type { setupEn } from "./en.ts";

/** The setup form's words in German. */
export const setupDe: Record<keyof typeof setupEn, Message> = {
  "setup.loading": "Formular wird geladen",
};
