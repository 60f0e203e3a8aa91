import "../more-words.ts";
import { addEnglish } from "../i18n.ts";
import { setupEn } from "./en.ts";

addEnglish(setupEn);
