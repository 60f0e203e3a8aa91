import type { enMore } from "./en-more.ts";
import type { enYours } from "./en-yours.ts";
import type { Message } from "./i18n.ts";
import type { SetupTable } from "./setup/en.ts";

/** English, as far as the list of flows needs it; what comes later brings its own words (`addEnglish`). */
export const en = {
  "time.now": "just now",
  "action.retry": "Try again",
  "action.showMore": "Show more",
  loading: "Loading",

  "view.marketplace": "Browse",
  "view.integrations": "Your integrations",
  "view.accounts": "Accounts",
  views: "Integrations",

  "browse.search": "Search integrations",
  "browse.clear": "Clear search",
  "browse.filters": "Filters",
  "browse.all": "All",
  "browse.other": "More",
  "browse.layout": "Layout",
  "browse.grid": "Grid",
  "browse.list": "List",
  "browse.installed": "Installed",
  "browse.installedMany": "{count} installed",
  "browse.attention": "Needs attention",
  "browse.results": { one: "{count} integration", other: "{count} integrations" },
  "browse.noneTitle": "No integrations yet",
  "browse.noneText": "Integrations appear here.",
  "browse.noMatchTitle": "Nothing matches",
  "browse.noMatchText": "Try other words, or look at all.",
  "browse.reset": "Clear filters",
  "browse.failed": "The integrations could not be loaded",

  "error.network": "No connection. Check that you are online, then try again.",
  "error.unauthenticated": "Your session has ended. Reload the page to sign in again.",
  "error.rate_limited": "Too much at once. Wait a moment, then try again.",
  "error.unavailable": "The service cannot be reached. Try again in a moment.",
  "error.internal": "Something went wrong on our side. Try again.",
  "error.not_found": "This does not exist any more.",
  "browse.sort": "Sort by",
  "browse.sortUsual": "Recommended",
  "browse.sortName": "Name",
  "browse.sortInstalled": "Installed first",
} as const satisfies Record<string, Message>;

export type MessageKey = keyof typeof en | keyof typeof enMore | keyof typeof enYours | keyof SetupTable;

/** What a language's table holds: all keys, and plural forms where English has them (the language's own categories). */
export type MessageTable = Readonly<Record<MessageKey, Message>>;
