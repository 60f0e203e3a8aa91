// Which element shows which address. Each view comes with its own chunk, when it is first shown.
import { html, type TemplateResult } from "lit";
import type { Place } from "./place.ts";
import type { Scope, Session } from "./session.ts";

/** What a view is given. */
export interface ViewProps {
  session: Session;
  place: Place;
  /** The named parts of the address. */
  params: Record<string, string>;
}

interface View {
  /** `/flows/:flow`; `:name?` may be missing. */
  path: string;
  /** Which entry of the navigation it belongs to. */
  section: string;
  /** What `:tab` may be: another is an address of nothing. */
  tabs?: readonly string[];
  /** What the member must be allowed to do: others are told so instead. */
  needs?: Scope;
  load: () => Promise<unknown>;
  render: (props: ViewProps) => TemplateResult;
}

const VIEWS: View[] = [
  {
    path: "/",
    section: "home",
    load: () => import("../home/home-view.ts"),
    render: ({ session }) => html`<inlay-console-home .session=${session}></inlay-console-home>`,
  },
  {
    path: "/flows",
    section: "flows",
    load: () => import("../flows/flows-view.ts"),
    render: ({ session, place }) => html`<inlay-console-flows .session=${session} .query=${place.query}></inlay-console-flows>`,
  },
  {
    path: "/flows/:flow/:tab?",
    section: "flows",
    tabs: ["definition", "versions", "integrations", "runs", "docs", "files"],
    load: () => import("../flows/flow-view.ts"),
    render: ({ session, place, params }) =>
      html`<inlay-console-flow .session=${session} .query=${place.query} .flow=${params.flow ?? ""} .tab=${params.tab ?? "definition"}></inlay-console-flow>`,
  },
  {
    path: "/runs",
    section: "runs",
    load: () => import("../runs/runs-view.ts"),
    render: ({ session, place }) => html`<inlay-console-runs .session=${session} .query=${place.query}></inlay-console-runs>`,
  },
  {
    path: "/runs/:run",
    section: "runs",
    load: () => import("../runs/run-view.ts"),
    render: ({ session, params }) => html`<inlay-console-run .session=${session} .run=${params.run ?? ""}></inlay-console-run>`,
  },
  {
    path: "/integrations/:integration/:tab?",
    section: "flows",
    tabs: ["overview", "runs", "schedule"],
    load: () => import("../integrations/integration-view.ts"),
    render: ({ session, place, params }) =>
      html`<inlay-console-integration .session=${session} .query=${place.query} .integration=${params.integration ?? ""} .tab=${params.tab ?? "overview"}></inlay-console-integration>`,
  },
  {
    path: "/connections",
    section: "connections",
    load: () => import("../connections/connections-view.ts"),
    render: ({ session, place }) => html`<inlay-console-connections .session=${session} .query=${place.query}></inlay-console-connections>`,
  },
  {
    path: "/errors",
    section: "errors",
    load: () => import("../errors/errors-view.ts"),
    render: ({ session, place }) => html`<inlay-console-errors .session=${session} .query=${place.query}></inlay-console-errors>`,
  },
  {
    path: "/errors/:error",
    section: "errors",
    load: () => import("../errors/error-view.ts"),
    render: ({ session, place, params }) =>
      html`<inlay-console-error .session=${session} .query=${place.query} .error=${params.error ?? ""}></inlay-console-error>`,
  },
  {
    path: "/analytics",
    section: "analytics",
    load: () => import("../analytics/analytics-view.ts"),
    render: ({ session, place }) => html`<inlay-console-analytics .session=${session} .query=${place.query}></inlay-console-analytics>`,
  },
  {
    path: "/apps",
    section: "apps",
    load: () => import("../apps/apps-view.ts"),
    render: ({ session, place }) => html`<inlay-console-apps .session=${session} .query=${place.query}></inlay-console-apps>`,
  },
  {
    path: "/apps/import",
    section: "apps",
    needs: "write",
    load: () => import("../apps/import-view.ts"),
    render: ({ session }) => html`<inlay-console-import-app .session=${session}></inlay-console-import-app>`,
  },
  {
    path: "/apps/new",
    section: "apps",
    needs: "write",
    load: () => import("../apps/app-view.ts"),
    render: ({ session, place }) => html`<inlay-console-app app="new" .session=${session} .query=${place.query}></inlay-console-app>`,
  },
  {
    path: "/apps/:app/:tab?",
    section: "apps",
    tabs: ["file", "try"],
    load: () => import("../apps/app-view.ts"),
    render: ({ session, place, params }) =>
      html`<inlay-console-app .session=${session} .query=${place.query} .app=${params.app ?? ""} .tab=${params.tab ?? "file"}></inlay-console-app>`,
  },
  {
    path: "/settings/:tab?",
    section: "settings",
    load: () => import("../settings/settings-view.ts"),
    render: ({ session, place, params }) =>
      html`<inlay-console-settings .session=${session} .query=${place.query} .tab=${params.tab ?? ""}></inlay-console-settings>`,
  },
  {
    path: "/users",
    section: "users",
    load: () => import("../users/users-view.ts"),
    render: ({ session, place }) => html`<inlay-console-users .session=${session} .query=${place.query}></inlay-console-users>`,
  },
  {
    path: "/users/:user/:tab?",
    section: "users",
    tabs: ["integrations", "accounts", "runs", "usage", "about"],
    load: () => import("../users/user-view.ts"),
    render: ({ session, place, params }) =>
      html`<inlay-console-user .session=${session} .query=${place.query} .user=${params.user ?? ""} .tab=${params.tab ?? "integrations"}></inlay-console-user>`,
  },
];

/** The view of an address, with the parts that it names. */
export function findView(path: string): { view: View; params: Record<string, string> } | undefined {
  const given = path.split("/").filter(Boolean);
  for (const view of VIEWS) {
    const params = matchPath(view.path.split("/").filter(Boolean), given);
    if (params && (params.tab === undefined || view.tabs?.includes(params.tab) !== false)) return { view, params };
  }
  return undefined;
}

function matchPath(pattern: string[], given: string[]): Record<string, string> | undefined {
  if (given.length > pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = given[index];
    const name = /^:(\w+)(\??)$/.exec(part);
    if (value === undefined) {
      if (!name?.[2]) return undefined;
    } else if (name?.[1]) params[name[1]] = decodePart(value);
    else if (part !== value) return undefined;
  }
  return params;
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
