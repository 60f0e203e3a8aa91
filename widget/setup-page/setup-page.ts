// The page that a member's link opens. It stands beside `/inlay.js` and imports nothing of it: what hosts load stays as it is.
interface Info {
  workspace: string;
  flow: string;
  author: string;
  user: string;
  integration: string | null;
}

const WORDS = {
  over: "This link no longer works",
  overText: "It was withdrawn, replaced by another, or is older than a week. Ask whoever sent it for a new one.",
  used: "This is set up",
  usedText: "There is nothing more to do here. You can close this page.",
  broken: "This cannot be shown now",
  brokenText: "The server cannot be reached. Check that you are online, then load the page again.",
  begun: (author: string) => `${author} has begun this for you. Fill in what is missing, and it runs.`,
};

/** Draws what the link in the address asks for into `root`. */
export async function showSetup(root: HTMLElement, token: string): Promise<void> {
  const answer = await fetch("/v1/setup-link", { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
  if (!answer || answer.status >= 500) return say(root, WORDS.broken, WORDS.brokenText);
  if (!answer.ok) return say(root, WORDS.over, WORDS.overText);
  const info: Info = await answer.json();
  document.title = info.workspace;
  if (info.integration !== null) return say(root, WORDS.used, WORDS.usedText);
  const setup = document.createElement("inlay-setup");
  setup.setAttribute("token", token);
  setup.setAttribute("flow", info.flow);
  setup.setAttribute("lang", navigator.language);
  setup.addEventListener("inlay-integration-created", () => root.querySelector("header p")?.remove());
  root.replaceChildren(headOf(info.workspace, WORDS.begun(info.author)), setup);
}

function say(root: HTMLElement, title: string, text: string): void {
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
