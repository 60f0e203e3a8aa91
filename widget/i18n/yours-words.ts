import { enYours } from "./en-yours.ts";
import { addEnglish } from "./i18n.ts";
import "./more-words.ts";

addEnglish(enYours);
