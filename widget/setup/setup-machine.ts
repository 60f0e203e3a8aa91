// The setup form's course, pure: state and event → state and effects. No clock, no fetch, no element.
// What is typed is never dropped by an answer: once the form is loaded, only an input event writes `values`, and `rebased` those that the user has not changed.
import type { FormPage, FormState } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import { isEmpty } from "../../shared/flow/field-rules.ts";
import type { ApiError } from "../api/api-error.ts";
import { type Entries, type FaultAt, findFault, findFaults, type KnownForm, own, shownFields, shownPages } from "./form-values.ts";

export type SetupMode = "create" | "edit" | "upgrade";

/** A refusal in words, as the form shows it above its fields. */
export interface SetupProblem {
  code: string;
  message: string;
  retryable: boolean;
  /** It came by itself: it is said where the user is, rather than where a refusal leads. */
  isAside?: boolean;
  /** What the edge refused, to say it in another language. */
  error?: ApiError;
  /** Faults that have no field in sight; labels of fields that were changed elsewhere. */
  details?: readonly (string | FieldProblem)[] | undefined;
}

export interface SetupState extends KnownForm {
  phase: "loading" | "editing" | "saving" | "saved" | "failed";
  mode: SetupMode;
  name: string;
  /** Key of the page shown; "" while none is. */
  page: string;
  /** Pages that were shown once: a user may go to them at will. */
  seen: readonly string[];
  /** Pages that were found wanting: their empty required fields are marked from then on. */
  tried: readonly string[];
  faults: Readonly<Record<string, FaultAt>>;
  problem?: SetupProblem | undefined;
  integration?: Integration | undefined;
  /** A dry run is shown in place of the pages. */
  isPreviewing: boolean;
}

export type Faults = Readonly<Record<string, FaultAt>>;

/** `extra` carries faults that only the fields themselves can know, such as text that is no JSON. `leaf` turns the page without a check. */
export type SetupEvent =
  | { type: "loaded"; entries: Entries; name: string; page?: string | undefined; form: FormState }
  | { type: "load-failed"; problem: SetupProblem }
  | { type: "reload" }
  | { type: "input"; key: string; value: unknown; commit: boolean; fault?: FaultAt | undefined }
  | { type: "account"; slot: string; account: string | undefined }
  | { type: "name"; name: string }
  | { type: "form"; form: FormState }
  | { type: "rebased"; entries: Entries; name: string }
  | { type: "continue"; extra?: Faults }
  | { type: "back" }
  | { type: "leaf" }
  | { type: "go"; page: string }
  | { type: "preview"; isShown: boolean }
  | { type: "show-all" }
  | { type: "save"; extra?: Faults }
  | { type: "trouble"; problem: SetupProblem }
  | { type: "refused"; problem: SetupProblem; errors?: readonly FieldProblem[] | undefined }
  | { type: "saved"; integration: Integration }
  | { type: "dismiss" };

/** What the shell does: ask the edge, keep the draft (`soon`: while typing), move the focus, tell the host. */
export type SetupEffect =
  | { type: "load" }
  | { type: "keep"; soon: boolean }
  | { type: "focus-field"; key: string }
  | { type: "focus-page" }
  | { type: "page-changed" }
  | { type: "send" };

export type SetupStep = [state: SetupState, effects: SetupEffect[]];

/** The first state: nothing is known but the pages. */
export function beginSetup(pages: readonly FormPage[], mode: SetupMode, name: string, only?: ReadonlySet<string>): SetupStep {
  const form: FormState = { pages: {}, fields: {} };
  const state: SetupState = {
    ...{ phase: "loading", mode, pages, form, values: {}, accounts: {}, name },
    ...{ page: "", seen: [], tried: [], faults: {}, isPreviewing: false },
    ...(only && { only }),
  };
  return [state, [{ type: "load" }]];
}

/** The state after `event`, and what to do. An event that does not fit the phase changes nothing. */
export function advanceSetup(state: SetupState, event: SetupEvent): SetupStep {
  switch (event.type) {
    case "loaded":
      return state.phase === "loading" ? load(state, event) : [state, []];
    case "load-failed":
      return state.phase === "loading" ? [{ ...state, phase: "failed", problem: event.problem }, []] : [state, []];
    case "reload":
      return state.phase === "failed" ? [{ ...state, phase: "loading", problem: undefined }, [{ type: "load" }]] : [state, []];
    case "form":
      return isOpen(state) ? [settlePage({ ...state, form: event.form }), []] : [state, []];
    case "rebased":
      return isOpen(state) ? [{ ...state, ...event.entries, name: event.name }, [{ type: "keep", soon: false }]] : [state, []];
    case "saved": {
      if (state.phase !== "saving") return [state, []];
      return [{ ...state, phase: "saved", integration: event.integration, problem: undefined }, [{ type: "focus-page" }]];
    }
    case "trouble":
      return isOpen(state) ? [{ ...state, problem: { ...event.problem, isAside: true } }, []] : [state, []];
    case "refused":
      return state.phase === "saving" ? refuse(state, event.problem, event.errors ?? []) : [state, []];
    default:
      return state.phase === "editing" ? edit(state, event) : [state, []];
  }
}

type EditEvent = Extract<
  SetupEvent,
  { type: "input" | "account" | "name" | "continue" | "back" | "leaf" | "go" | "preview" | "show-all" | "save" | "dismiss" }
>;

function edit(state: SetupState, event: EditEvent): SetupStep {
  switch (event.type) {
    case "input":
      return input(state, event);
    case "account": {
      const { [event.slot]: _, ...others } = state.accounts;
      const accounts = event.account === undefined ? others : { ...others, [event.slot]: event.account };
      return [{ ...state, accounts, faults: without(state.faults, event.slot) }, [{ type: "keep", soon: false }]];
    }
    case "name":
      return [{ ...state, name: event.name }, [{ type: "keep", soon: true }]];
    case "continue":
      return proceed(state, event.extra ?? {});
    case "back":
      return turnTo(state, neighbour(state, -1)?.key);
    case "leaf":
      return turnTo(state, neighbour(state, 1)?.key);
    case "go":
      return turnTo(state, state.seen.includes(event.page) ? event.page : undefined);
    case "preview":
      return event.isShown === state.isPreviewing
        ? [state, []]
        : [{ ...state, isPreviewing: event.isShown, problem: undefined }, [{ type: "focus-page" }]];
    case "show-all":
      return [settlePage({ ...state, only: undefined }), [{ type: "focus-page" }]];
    case "save":
      return save(state, event.extra ?? {});
    case "dismiss":
      return [{ ...state, problem: undefined }, []];
  }
}

const isOpen = (state: SetupState) => state.phase === "editing" || state.phase === "saving";

function load(state: SetupState, event: Extract<SetupEvent, { type: "loaded" }>): SetupStep {
  const { values, accounts } = event.entries;
  const seen = state.mode === "create" ? [] : state.pages.map((page) => page.key);
  const open: SetupState = {
    ...state,
    phase: "editing",
    values,
    accounts,
    name: event.name,
    form: event.form,
    page: event.page ?? "",
    seen,
  };
  const settled = settlePage(open);
  const until = settled.pages.findIndex((page) => page.key === settled.page);
  const before = settled.pages.slice(0, until + 1).map((page) => page.key);
  return [{ ...settled, seen: [...new Set([...settled.seen, ...before])] }, [{ type: "focus-page" }]];
}

/** The page shown must be one that is shown: otherwise the nearest one before it, or the first. */
function settlePage(state: SetupState): SetupState {
  const shown = shownPages(state);
  if (shown.some((page) => page.key === state.page)) return state;
  const at = state.pages.findIndex((page) => page.key === state.page);
  const before = shown.filter((page) => state.pages.indexOf(page) < at).at(-1);
  const page = (before ?? shown[0])?.key ?? "";
  return { ...state, page, seen: see(state.seen, page) };
}

function input(state: SetupState, { key, value, commit, fault }: Extract<SetupEvent, { type: "input" }>): SetupStep {
  const next: SetupState = { ...state, values: { ...state.values, [key]: value } };
  const page = next.pages.find(({ fields }) => fields.some((field) => field.key === key));
  const field = page?.fields.find((one) => one.key === key);
  const found = fault ?? (field && findFault(next, field));
  const strict = page !== undefined && state.tried.includes(page.key);
  const marked = own(state.faults, key) !== undefined;
  // What a field itself refuses, such as a file that is too large, leaves it empty.
  const show = found !== undefined && (marked || commit) && (strict || fault || !isEmpty(value));
  const faults = show ? { ...state.faults, [key]: found } : without(state.faults, key);
  return [{ ...next, faults }, [{ type: "keep", soon: !commit }]];
}

function proceed(state: SetupState, extra: Faults): SetupStep {
  const page = state.pages.find((one) => one.key === state.page);
  if (!page) return [state, []];
  const faults = { ...findFaults(state, page), ...shownOnly(state, page, extra) };
  if (Object.keys(faults).length > 0) return markFaults(state, [page], faults);
  const others = omit(
    state.faults,
    page.fields.map((field) => field.key),
  );
  return turnTo({ ...state, faults: others }, neighbour(state, 1)?.key);
}

function save(state: SetupState, extra: Faults): SetupStep {
  const pages = shownPages(state);
  const faults = Object.assign({}, ...pages.map((page) => ({ ...findFaults(state, page), ...shownOnly(state, page, extra) })));
  if (Object.keys(faults).length > 0) return markFaults(state, pages, faults);
  return [{ ...state, phase: "saving", faults: {}, problem: undefined }, [{ type: "send" }]];
}

/** A refused form is shown whole: what is wrong may stand in a field that was left out. */
function refuse({ only: _only, ...state }: SetupState, problem: SetupProblem, errors: readonly FieldProblem[]): SetupStep {
  const pages = shownPages(state);
  const shown = new Set(pages.flatMap((page) => shownFields(state, page)).map((field) => field.key));
  const faults: Record<string, FaultAt> = {};
  const details: FieldProblem[] = [];
  for (const error of errors) {
    const [, key, path] = /^(?:values|accounts)\.([^.]+)(?:\.(.+))?$/.exec(error.path) ?? [];
    if (!key || !shown.has(key)) details.push(error);
    else if (!Object.hasOwn(faults, key)) faults[key] = toFault(error, path);
  }
  const editing: SetupState = { ...state, phase: "editing", problem: { ...problem, ...(details.length > 0 && { details }) } };
  if (!firstFault(editing, pages, faults)) return [editing, [{ type: "focus-page" }]];
  return markFaults(editing, pages, faults);
}

/** A fault of a field, at `path` inside its value. */
export function toFault({ code, message, params }: FieldProblem, path: string | undefined): FaultAt {
  return { code, message, ...(params && { params }), ...(path && { path }) };
}

/** Marks the faults, turns to the page of the first, and leads the focus to its field. */
function markFaults(state: SetupState, tried: readonly FormPage[], faults: Faults): SetupStep {
  const marked: SetupState = {
    ...state,
    isPreviewing: false,
    faults,
    tried: [...new Set([...state.tried, ...tried.map((page) => page.key)])],
  };
  const first = firstFault(marked, shownPages(marked), faults);
  if (!first) return [marked, []];
  const moved = first.page !== state.page;
  const next = moved ? { ...marked, page: first.page, seen: see(marked.seen, first.page) } : marked;
  return [next, [...(moved ? [{ type: "page-changed" } as const] : []), { type: "focus-field", key: first.key }]];
}

/** The first fault in the order of the form, with its page. */
export function firstFault(state: KnownForm, pages: readonly FormPage[], faults: Faults): { page: string; key: string } | undefined {
  for (const page of pages) {
    const field = shownFields(state, page).find((one) => own(faults, one.key) !== undefined);
    if (field) return { page: page.key, key: field.key };
  }
  return undefined;
}

function turnTo(state: SetupState, page: string | undefined): SetupStep {
  if (state.isPreviewing && page === state.page) return [{ ...state, isPreviewing: false, problem: undefined }, [{ type: "focus-page" }]];
  if (page === undefined || page === state.page || !shownPages(state).some((one) => one.key === page)) return [state, []];
  const effects: SetupEffect[] = [{ type: "page-changed" }, { type: "focus-page" }, { type: "keep", soon: false }];
  return [{ ...state, isPreviewing: false, page, seen: see(state.seen, page), problem: undefined }, effects];
}

/** The shown page `by` places from the current one. */
export function neighbour(state: SetupState, by: 1 | -1): FormPage | undefined {
  const shown = shownPages(state);
  return shown[shown.findIndex((page) => page.key === state.page) + by];
}

const see = (seen: readonly string[], page: string): readonly string[] => (page === "" || seen.includes(page) ? seen : [...seen, page]);

function shownOnly(state: KnownForm, page: FormPage, faults: Faults): Faults {
  const keys = new Set(shownFields(state, page).map((field) => field.key));
  return Object.fromEntries(Object.entries(faults).filter(([key]) => keys.has(key)));
}

const without = (faults: Faults, key: string): Faults => (Object.hasOwn(faults, key) ? omit(faults, [key]) : faults);

function omit(faults: Faults, keys: readonly string[]): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([key]) => !keys.includes(key)));
}
