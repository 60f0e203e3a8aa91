import { html, type TemplateResult } from "lit";
import { callout } from "../../ui/callout.ts";
import { copyIcon } from "../../ui/icons.ts";
import { notify } from "../app/notice.ts";
import { say } from "./words.ts";

/** A value that is never shown again, with a button that copies it. */
export const shownOnce = (from: HTMLElement, text: string, value: string): TemplateResult => {
  const copy = () => void navigator.clipboard.writeText(value).then(() => notify(from, { text: say("copied") }));
  return callout({
    tone: "success",
    title: `${text} ${say("shownOnce")}`,
    text: html`<span class="mono">${value}</span>`,
    action: html`<button class="button compact" type="button" @click=${copy}>${copyIcon} ${say("copy")}</button>`,
  });
};
