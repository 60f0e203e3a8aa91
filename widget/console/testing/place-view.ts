// For tests: one view of the console in the page, and a workspace that answers it.
import { ContextProvider } from "@lit/context";
import { onTestFinished, vi } from "vitest";
import { i18nContext } from "../../contexts.ts";
import { english } from "../../i18n/i18n.ts";
import { tokens } from "../../styles/tokens.ts";
import type { Scope, Session } from "../app/session.ts";
import { waTheme } from "../ui/wa-theme.ts";

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}
type Answers = Record<string, unknown | ((asked: Asked) => unknown)>;

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** Answers requests by `METHOD path` below `/v1/workspace/`; the rest are empty lists. Everything that was asked is kept. */
export function fakeWorkspace(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init = {}) => {
    const url = new URL(String(input instanceof Request ? input.url : input), location.origin);
    const path = url.pathname.replace("/v1/workspace/", "");
    if (path === "stream") return new Promise(() => undefined);
    const { method = "GET", body = null } = init;
    const one = { method, path, query: url.searchParams, body: typeof body === "string" ? JSON.parse(body) : body };
    asked.push(one);
    const answer = answers[`${method} ${path}`];
    const found = typeof answer === "function" ? answer(one) : answer;
    return found instanceof Response
      ? found
      : found === null
        ? new Response(null, { status: 204 })
        : json(found ?? { items: [], nextCursor: null });
  });
  onTestFinished(() => void vi.restoreAllMocks());
  return asked;
}

export const refusal = (status: number, code: string, detail: string, errors: unknown[] = []) =>
  json({ status, code, detail, errors }, status);

export const sessionOf = (...scopes: Scope[]): Session => ({
  workspace: { id: "ws_1", name: "Northlight" },
  member: { id: "mem_1", name: "Ada", email: "ada@example.com", role: "builder", scopes },
});

/** Puts a view's element into a frame that gives it tokens and words, as the console does. */
export async function placeView<T extends HTMLElement>(name: string, properties: Partial<T>): Promise<T> {
  const frame = document.createElement("div");
  const root = frame.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [tokens, waTheme].flatMap(({ styleSheet }) => styleSheet ?? []);
  new ContextProvider(frame, { context: i18nContext, initialValue: english });
  const element = document.createElement(name) as T;
  Object.assign(element, properties);
  root.append(element);
  document.body.append(frame);
  onTestFinished(() => frame.remove());
  await (element as unknown as { updateComplete: Promise<unknown> }).updateComplete;
  return element;
}
