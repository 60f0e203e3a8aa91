import type { Message } from "../i18n.ts";
import type { setupEn } from "./en.ts";

/** The setup form's words in Arabic. */
export const setupAr: Record<keyof typeof setupEn, Message> = {
  "setup.loading": "جارٍ تحميل النموذج",
};
