import { addEnglish } from "../i18n.ts";
import { scheduleEn } from "./en-schedule.ts";

addEnglish(scheduleEn);
