import { enMore } from "./en-more.ts";
import { addEnglish } from "./i18n.ts";

addEnglish(enMore);
