// Small pieces that every view is made of; `viewStyles` dresses them.
import { html, nothing, type TemplateResult } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";
import type { ApiError } from "../../api/api-error.ts";
import { comboboxWords } from "../../fields/combobox-words.ts";
import { describeError } from "../../i18n/describe-error.ts";
import { english } from "../../i18n/i18n.ts";
import { callout } from "../../ui/callout.ts";
import type { Choice } from "../../ui/filter-choices.ts";
import { searchIcon } from "../../ui/icons.ts";
import { bone } from "../../ui/skeleton.ts";
import { setQuery } from "../app/place.ts";
import { say } from "../words.ts";

/** When something was, in words; the exact time on pointing at it. */
export const when = (iso: string | null | undefined): TemplateResult | string =>
  iso ? html`<time class="number" datetime=${iso} title=${english.dateTime(iso)}>${english.relative(iso)}</time>` : "–";

/** An email address, which breaks before its domain rather than anywhere. */
export const breakable = (email: string): TemplateResult =>
  html`${email.split("@").map((part, place) => (place ? html`<wbr />@${part}` : part))}`;

/** What stands where something is on its way. */
export const bones = (): TemplateResult => html`<div class="bones" aria-busy="true">
  <span class="visually-hidden" role="status">${say("loading")}</span>
  <div class="bones" aria-hidden="true">${bone("title")}${bone("long")}${bone("long")}${bone("half")}</div>
</div>`;

/** What stands where something could not be read. */
export const failure = (error: ApiError, retry: () => void): TemplateResult => html`<div class="column">
  ${callout({
    tone: "danger",
    title: describeError(english, error),
    action: html`<button class="button compact" type="button" @click=${retry}>${say("retry")}</button>`,
  })}
</div>`;

/** A search field whose words stand in the address as `name`. */
export const searchField = (label: string, value: string, name = "search"): TemplateResult => html`<div class="search" role="search">
  ${searchIcon}
  <input class="input" type="search" data-search aria-label=${label} placeholder=${label} .value=${value} @input=${(event: InputEvent) => setQuery({ [name]: (event.target as HTMLInputElement).value })} />
</div>`;

/** More options than these are searched. */
const SCROLLED = 40;

/** A choice whose value stands in the address as `name`; the first option means all. Needs `ui/select.ts`. */
export const choice = (
  name: string,
  label: string,
  value: string,
  options: readonly (readonly [string, string])[],
  choose: (value: string) => void = (chosen) => setQuery({ [name]: chosen }),
): TemplateResult =>
  options.length > SCROLLED
    ? searchedChoice(label, value, options, choose)
    : html`<wa-select
  size="s"
  class="choice"
  label=${label}
  .value=${value}
  @change=${(event: Event) => choose(String((event.target as HTMLInputElement).value ?? ""))}
>
  ${options.map(([key, text]) => html`<wa-option value=${key}>${text}</wa-option>`)}
</wa-select>`;

function searchedChoice(
  label: string,
  value: string,
  [all, ...options]: readonly (readonly [string, string])[],
  choose: (value: string) => void,
): TemplateResult {
  const choices = options.map(([key, text]): Choice => ({ value: key, label: text }));
  return html`<inlay-combobox
    class="choice"
    clearable
    aria-label=${label}
    placeholder=${all?.[1] ?? ""}
    .choices=${choices}
    .chosen=${choices.filter((choice) => choice.value === value)}
    .words=${comboboxWords(english)}
    @combobox-choose=${(event: CustomEvent<{ choice: Choice }>) => choose(String(event.detail.choice.value))}
    @combobox-clear=${() => choose("")}
  ></inlay-combobox>`;
}

/** Brings the part that is shown into sight, where its links are wider than the view. */
class RevealDirective extends Directive {
  #isShown = false;

  render(_isShown: boolean): void {}

  override update({ element }: ElementPart, [isShown]: [boolean]): void {
    if (isShown && !this.#isShown) requestAnimationFrame(() => center(element as HTMLElement));
    this.#isShown = isShown;
  }
}
const reveal = directive(RevealDirective);

function center(link: HTMLElement): void {
  const list = link.parentElement;
  if (list) list.scrollLeft = link.offsetLeft - list.offsetLeft - (list.clientWidth - link.offsetWidth) / 2;
}

/** Links to the parts of a thing, one of them shown. */
export const tabs = (
  label: string,
  current: string,
  all: readonly { name: string; label: string; href: string; count?: number | undefined }[],
): TemplateResult => html`<nav class="tabs" aria-label=${label}>
  ${all.map(
    (tab) =>
      html`<a href=${tab.href} aria-current=${tab.name === current ? "page" : nothing} ${reveal(tab.name === current)}>${tab.label}${tab.count === undefined ? nothing : html`<span class="count">${english.number(tab.count)}</span>`}</a>`,
  )}
</nav>`;
