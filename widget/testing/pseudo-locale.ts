// For tests alone: a language in which every text of ours is marked and a third longer, and data in another script, so that whatever is left in
// Latin letters was never translated.
import { en } from "../i18n/en.ts";
import { enMore } from "../i18n/en-more.ts";
import { enYours } from "../i18n/en-yours.ts";
import type { Message } from "../i18n/i18n.ts";
import { setupEn } from "../i18n/setup/en.ts";
import { scheduleEn } from "../i18n/setup/en-schedule.ts";

const ACCENTS: Record<string, string> = { a: "ä", e: "ë", i: "ï", o: "ö", u: "ü", n: "ñ", c: "ç", y: "ÿ" };

function pseudo(text: string): string {
  const accented = text.replace(/\{\w+\}|[aeiouncy]/g, (match) => ACCENTS[match] ?? match);
  return `⟦${accented}${"·".repeat(Math.ceil(text.length / 3))}⟧`;
}

/** Every shipped text, marked: `⟦Bröwsë··⟧`. For `element.messages`, under any tag. */
export const PSEUDO: Record<string, Message> = Object.fromEntries(
  Object.entries({ ...en, ...enMore, ...enYours, ...setupEn, ...scheduleEn } as Record<string, Message>).map(([key, message]) => [
    key,
    typeof message === "string" ? pseudo(message) : mapForms(message),
  ]),
);

function mapForms(forms: Exclude<Message, string>): Message {
  const { other, ...rest } = forms;
  return { ...Object.fromEntries(Object.entries(rest).map(([category, text]) => [category, pseudo(text)])), other: pseudo(other) };
}

const SHOWN = new Set(["name", "description", "title", "label", "help", "category", "placeholder", "message", "sample", "group", "reason"]);

/** `data` with what users read of it in Greek letters. */
export function inGreek<T>(data: T): T {
  return JSON.parse(JSON.stringify(data), (key, value) => (SHOWN.has(key) && typeof value === "string" ? greek(value) : value)) as T;
}

const greek = (text: string) =>
  /^(https?|data):/.test(text)
    ? text
    : text.replace(/[a-z]/gi, (letter) => String.fromCharCode(letter.toLowerCase().charCodeAt(0) - 97 + 0x3b1));

/** What is no language: addresses, identifiers, units, words of the trade, and a step's type as flow files call it. */
const NEUTRAL =
  /⟦[^⟧]*⟧|https?:\/\/\S*|\S+@\S+|\b(?:ms|UTC|JSON|API|OAuth|Webhook|cron|action|kB|MB)\b|\b[A-Z][A-Za-z_]+\/[A-Za-z_/]+|[*\d/,-]+( [*\d/,-]+){4}/g;
const READ_ATTRIBUTES = ["aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt"];

/** Texts inside `element`, through shadow roots, that hold Latin words outside our marks. */
export function findUntranslated(element: Element): string[] {
  const found: string[] = [];
  const judge = (text: string, where: string) => {
    if (/[a-z]{2}/i.test(text.replace(NEUTRAL, " "))) found.push(`${where}: ${text.trim().replace(/\s+/g, " ").slice(0, 80)}`);
  };
  walk(element, (node) => {
    if (node instanceof Text) {
      const { parentElement: parent } = node;
      if (parent && !/^(style|code|pre|textarea|script)$/.test(parent.localName) && !parent.closest("code, pre"))
        judge(node.data, parent.localName);
    } else if (node instanceof Element)
      for (const name of READ_ATTRIBUTES) {
        const text = node.getAttribute(name);
        if (text) judge(text, `${node.localName}[${name}]`);
      }
  });
  return found;
}

/** Texts of ours that an ancestor cuts off: what cannot be scrolled to is lost. */
export function findCutOff(element: Element): string[] {
  const found: string[] = [];
  walk(element, (node) => {
    if (!(node instanceof Text) || !node.data.includes("⟦")) return;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width <= 1 || text.height <= 1) return;
    for (let at: Element | null = node.parentElement; at && at !== document.body; at = at.parentElement ?? hostOf(at)) {
      const { overflowX, overflowY, clip, clipPath } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (box.width <= 1 || clip !== "auto" || clipPath !== "none") return;
      const isCutX = /hidden|clip/.test(overflowX) && (text.right > box.right + 1 || text.left < box.left - 1);
      const isCutY = /hidden|clip/.test(overflowY) && (text.bottom > box.bottom + 1 || text.top < box.top - 1);
      if (isCutX || isCutY) found.push(`${at.localName}.${at.className} cuts ${node.data.trim().slice(0, 60)}`);
      if (/auto|scroll/.test(overflowX + overflowY)) return;
    }
  });
  return found;
}

const hostOf = (element: Element): Element | null => {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
};

function walk(node: Node, see: (node: Node) => void): void {
  see(node);
  if (node instanceof Element && node.shadowRoot) for (const child of node.shadowRoot.childNodes) walk(child, see);
  for (const child of node.childNodes) walk(child, see);
}
