// The address of each view: its path below the console's own page, or behind `#` where the element stands on another page.
const PAGE = "/console";
const hasOwnPage = () => location.pathname === PAGE || location.pathname.startsWith(`${PAGE}/`);

/** A view's address taken apart: `path` begins with `/`, without the console's page. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

/** Where the member is. */
export function readPlace(): Place {
  const url = hasOwnPage() ? new URL(location.href) : new URL(location.hash.slice(1) || "/", location.origin);
  const path = hasOwnPage() ? url.pathname.slice(PAGE.length) : url.pathname;
  return { path: path.replace(/\/+$/, "") || "/", query: url.searchParams };
}

/** The `href` of a view, such as `hrefOf("/flows/hello", {tab: "runs"})`. */
export function hrefOf(path: string, query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();
  const text = `${path}${search ? `?${search}` : ""}`;
  return hasOwnPage() ? `${PAGE}${text === "/" ? "" : text}` : `#${text}`;
}

/** Told on `window` when the address has changed by {@link go}. */
export const MOVED = "inlay-console-moved";

/** Shows another view. `replace`: the address before is not worth coming back to (a filter as it is typed). */
export function go(href: string, { replace = false } = {}): void {
  const before = location.href;
  const url = new URL(href, location.href);
  if (url.href === before) return;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  window.dispatchEvent(new CustomEvent(MOVED));
}

/** Changes parts of the query of the view that is shown; empty ones go. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const { path, query } = readPlace();
  go(hrefOf(path, { ...Object.fromEntries(query), ...changes }), { replace: true });
}
