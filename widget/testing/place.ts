// For tests alone: puts an element that a host would place into the page, and hears its events.
import { expect, onTestFinished, vi } from "vitest";
import type { Locator } from "vitest/browser";
import { define } from "../define.ts";
import { elements } from "../elements.ts";
import type { InlayEventMap, InlayEventName } from "../events.ts";
import { FakeEdge } from "./fake-edge.ts";
import { tokenFor } from "./fixtures.ts";

for (const [tag, element] of Object.entries(elements)) define(tag, element);

export interface Heard {
  name: string;
  detail: unknown;
}

/** An edge of its own for this test; what is set up before `place` is what the element finds. */
export function startEdge(): FakeEdge {
  const edge = new FakeEdge();
  edge.start();
  onTestFinished(() => edge.stop());
  return edge;
}

/** Places `<tag token=… …attributes>`; it leaves with the test. */
export function place<Tag extends "inlay-marketplace" | "inlay-integrations" | "inlay-accounts" | "inlay-setup">(
  tag: Tag,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ token: tokenFor("ada"), ...attributes })) element.setAttribute(name, value);
  document.body.append(element);
  onTestFinished(() => element.remove());
  return element;
}

/** The details of each event of this name that reaches the page from now on. */
export function hear<Name extends InlayEventName>(name: Name): InlayEventMap[Name][] {
  const heard: InlayEventMap[Name][] = [];
  const listener = (event: Event) => heard.push((event as CustomEvent<InlayEventMap[Name]>).detail);
  document.addEventListener(name, listener);
  onTestFinished(() => document.removeEventListener(name, listener));
  return heard;
}

/** Prevents every event of this name. */
export function prevent(name: InlayEventName): void {
  const listener = (event: Event) => event.preventDefault();
  document.addEventListener(name, listener);
  onTestFinished(() => document.removeEventListener(name, listener));
}

/** Waits until `check` throws no more. */
export const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 4_000, interval: 20 });

/** Waits until the one element of `locator` reads as `words`, its blanks joined. */
export const reads = (locator: Locator, words: RegExp): Promise<void> =>
  eventually(() => expect(locator.element().textContent?.replace(/\s+/g, " ")).toMatch(words));

/** Waits until the one element of `locator` has the focus, through shadow roots. */
export const hasFocus = (locator: Locator): Promise<void> => eventually(() => expect(deepFocus()).toBe(locator.element()));

function deepFocus(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
