// The page that a member's link opens. It stands beside `/inlay.js`, and what hosts load stays as it is.
import type { ReconnectLinkInfo } from "../../shared/api/reconnect-link.ts";
import { type Words, wordsFor } from "./words.ts";

interface Info {
  workspace: string;
  flow: string;
  author: string;
  user: string;
  integration: string | null;
}

/** Draws what the link in the address asks for into `root`. */
export async function showSetup(root: HTMLElement, token: string): Promise<void> {
  const { lang, tag, dir, words } = wordsFor(navigator.languages);
  Object.assign(document.documentElement, { lang, dir });
  const isRenewal = token.startsWith("renew_");
  const path = isRenewal ? "/v1/reconnect-link" : "/v1/setup-link";
  const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
  if (!answer || answer.status >= 500) return say(root, words.broken, words.brokenText);
  if (!answer.ok) return say(root, words.over, words.overText);
  if (isRenewal) return showReconnect(root, token, await answer.json(), words, tag);
  const info: Info = await answer.json();
  document.title = info.workspace;
  if (info.integration !== null) return say(root, words.used, words.usedText);
  const setup = document.createElement("inlay-setup");
  setup.setAttribute("token", token);
  setup.setAttribute("flow", info.flow);
  setup.setAttribute("lang", tag);
  setup.addEventListener("inlay-integration-created", () => root.querySelector("header p")?.remove());
  root.replaceChildren(
    headOf(
      info.workspace,
      words.begun.replace("{author}", () => info.author),
    ),
    setup,
  );
}

async function showReconnect(root: HTMLElement, token: string, info: ReconnectLinkInfo, words: Words, language: string): Promise<void> {
  document.title = info.workspace;
  const inWords = (text: string) => text.replace("{author}", () => info.author).replace("{app}", () => info.app.name);
  const done = () => say(root, inWords(words.renewed), words.renewedText);
  if (info.isDone) return done();
  await import("./reconnect.ts");
  const element = document.createElement("inlay-reconnect");
  Object.assign(element, { token, info, language });
  element.addEventListener("reconnect-done", done);
  root.replaceChildren(headOf(info.workspace, inWords(words.asked)), element);
}

function say(root: HTMLElement, title: string, text: string): void {
  document.title = title;
  root.replaceChildren(headOf(title, text));
}

function headOf(title: string, text: string): HTMLElement {
  const head = document.createElement("header");
  const [heading, words] = [document.createElement("h1"), document.createElement("p")];
  heading.textContent = title;
  words.textContent = text;
  head.append(heading, words);
  return head;
}

const root = document.getElementById("setup");
if (root) void showSetup(root, location.hash.slice(1));
