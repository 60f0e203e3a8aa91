// Options of a dynamic field, asked through the user's own account. Pages of the app become pages of ours.
import { z } from "zod";
import type { Option } from "../../shared/api/flow.ts";
import type { List } from "../../shared/api/list.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { Field, OptionSource } from "../../shared/flow/field.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { UsableAccount } from "../db/usable-accounts.ts";
import { inputOf as inputOfTrigger } from "../engine/compile-block.ts";
import { ExpressionError } from "../engine/expression.ts";
import type { Env } from "../env.ts";
import { type Performed, performOperation } from "../providers/app/perform.ts";
import { guardedFetch } from "../providers/http/guarded-fetch.ts";
import { allFields, toOption } from "../setup-form/describe-form.ts";
import { type FormInput, formScope } from "../setup-form/form-scope.ts";
import { optionInput, readOptions, searchOptions } from "../setup-form/read-options.ts";
import { askBlock } from "./ask-block.ts";
import { ProblemError } from "./problem.ts";
import { expired, resolveAccount } from "./resolve-account.ts";

/** Options of one answer. */
const PAGE = 100;
/** Pages of the app that one request looks through for a search that the app itself cannot do. */
const LOOK_THROUGH = 5;
const TIMEOUT = 20_000;

type Source = NonNullable<Field["options"]>;

export interface OptionsContext {
  env: Env;
  flow: FlowFile;
  apps: Record<string, AppFile>;
  known: Record<string, UsableAccount>;
  input: FormInput;
  /** Values that count: shown fields, defaults filled in. */
  setup: Record<string, unknown>;
}

/** The source that `name` means: `KEY`, `LIST.KEY`, or `KEY.from` and `KEY.to` of a mapping. Refuses with `not_found`. */
export function findSource(flow: FlowFile, name: string): Source {
  const [key = "", ...rest] = name.split(".");
  let field = allFields(flow).find((one) => one.key === key);
  for (const part of rest) {
    if (field && (part === "from" || part === "to") && field[part]) return field[part];
    field = field?.fields?.find((one) => one.key === part);
  }
  if (!field?.options) throw new ProblemError("not_found", `The form has no field “${name}” with options.`);
  return field.options;
}

/** A page of the options of `source`. Throws ProblemError with `account_needed`, `account_expired`, `app_failed`, `app_timeout` or `rate_limited`. */
export async function askOptions(
  source: Source,
  { search = "", cursor }: { search?: string | undefined; cursor?: string | undefined },
  context: OptionsContext,
): Promise<List<Option>> {
  if (Array.isArray(source)) return { items: searchOptions(source.map(toOption), search), nextCursor: null };
  if (source.data !== undefined)
    throw new ProblemError("not_found", `These options are the fields of what the host page offers as “${source.data}”.`);
  const { call, isSearchedThere } = asking(source, search, context);
  let { page, offset } = readPosition(cursor);
  for (let looked = 0; ; looked++) {
    const { items, next } = await call(page);
    const all = await readOptions(items, source);
    const wanted = search && !isSearchedThere ? searchOptions(all, search) : all;
    const shown = wanted.slice(offset, offset + PAGE);
    if (offset + PAGE < wanted.length) return { items: shown, nextCursor: writePosition(page, offset + PAGE) };
    if (!next) return { items: shown, nextCursor: null };
    if (shown.length || looked >= LOOK_THROUGH) return { items: shown, nextCursor: writePosition(next, 0) };
    [page, offset] = [next, 0];
  }
}

interface Asking {
  call(at: string | undefined): Promise<{ items: unknown[]; next: string | undefined }>;
  /** Whether who is asked searches: else we do. */
  isSearchedThere: boolean;
}

function asking(source: OptionSource, search: string, context: OptionsContext): Asking {
  const takesSearch = (fields: readonly Field[] | undefined) => fields?.some((field) => field.key === "search") === true;
  if (source.query !== undefined) {
    const question = resolveQuery(source.query, context);
    const isSearchedThere = takesSearch(question.app.queries[question.operation]?.input);
    return {
      isSearchedThere,
      call: async (at) => callQuery(context, { ...question, input: await inputOf(source, { search }, context) }, at),
    };
  }
  const key = source.block ?? "";
  const block = context.flow.blocks.find((one) => one.key === key);
  if (!block)
    throw new ProblemError("app_failed", `The flow has no block “${key}” to ask for these options.`, { why: { code: "unknown_block" } });
  return {
    isSearchedThere: takesSearch(inputOfTrigger(block.trigger)),
    call: async (cursor) => askBlock(context, key, await inputOf(source, { search, cursor }, context)),
  };
}

async function inputOf(
  source: OptionSource,
  { search, cursor }: { search: string; cursor?: string | undefined },
  { input, setup }: OptionsContext,
): Promise<Record<string, unknown>> {
  const asked = { ...(search ? { search } : {}), ...(cursor === undefined ? {} : { cursor }) };
  try {
    return await optionInput(source, { ...formScope(input, setup), ...asked });
  } catch (error) {
    if (error instanceof ExpressionError)
      throw new ProblemError("app_failed", `The question for these options cannot be put together: ${error.message}.`, {
        why: { code: error.code },
      });
    throw error;
  }
}

/** The app, operation and account that `SLOT.OPERATION` means for this user. Refuses as {@link askOptions} does. */
export function resolveQuery(query: string, context: OptionsContext) {
  const [slot = "", operation = ""] = query.split(".");
  if (!context.apps[context.flow.accounts[slot]?.app ?? ""]?.queries[operation])
    throw new ProblemError("app_failed", `The flow asks for “${query}”, which there is not.`, { why: { code: "unknown_operation" } });
  return { ...resolveAccount(slot, context), operation };
}

interface Question {
  app: AppFile;
  operation: string;
  account: string;
  input: Record<string, unknown>;
}

/** One page of a query's list. Refuses as {@link askOptions} does. */
export async function callQuery(context: OptionsContext, { app, operation, account, input }: Question, cursor: string | undefined) {
  const signal = AbortSignal.timeout(TIMEOUT);
  const done = await performOperation(
    app,
    "query",
    operation,
    input,
    {
      env: context.input.env,
      accounts: context.env.ACCOUNTS.getByName(account),
      effectKey: `options:${crypto.randomUUID()}`,
      signal,
      now: () => Date.now(),
      fetch: guardedFetch(context.env),
    },
    { pages: 1, ...(cursor === undefined ? {} : { cursor }) },
  );
  if (!done.ok) throw appProblem(app, done, signal.aborted);
  if (!Array.isArray(done.output))
    throw new ProblemError("app_failed", `${app.name} answered, but not with a list to choose from.`, { why: { code: "no_list" } });
  return { items: done.output as unknown[], next: done.nextCursor ?? undefined };
}

/** Why an app did not answer, in words for the user. */
export function appProblem(app: AppFile, { error, retryAfter, wait }: Extract<Performed, { ok: false }>, isLate = false): ProblemError {
  if (wait || error.class === "rate_limit") {
    const ms = wait ? wait.until - Date.now() : (retryAfter ?? 5_000);
    return new ProblemError("rate_limited", `${app.name} takes no more questions for the moment. Try again shortly.`, {
      retryAfter: ms / 1_000,
      why: { code: "rate_limited", params: { app: app.name } },
    });
  }
  if (error.class === "auth") return expired(app.name);
  if (isLate || error.class === "timeout")
    return new ProblemError("app_timeout", `${app.name} did not answer in time. Try again.`, { why: { code: "timeout" } });
  if (error.code === "required" && error.params?.input !== undefined)
    return new ProblemError("app_failed", `Choose “${error.params.input}” first: ${app.name} cannot be asked without it.`, {
      why: { code: "required", params: { input: error.params.input } },
    });
  const why = { code: error.code, ...(error.params ? { params: error.params } : {}) };
  const isNamed = error.message.startsWith(app.name);
  return new ProblemError("app_failed", isNamed ? error.message : `${app.name} could not be asked: ${error.message}`, { why });
}

const Position = z.tuple([z.string(), z.number().int().min(0)]);

const writePosition = (page: string | undefined, offset: number) => encodeURIComponent(JSON.stringify([page ?? "", offset]));

function readPosition(cursor: string | undefined): { page: string | undefined; offset: number } {
  if (cursor === undefined) return { page: undefined, offset: 0 };
  try {
    const [page, offset] = Position.parse(JSON.parse(decodeURIComponent(cursor)));
    return { page: page || undefined, offset };
  } catch {
    throw new ProblemError("bad_request", "The cursor is not one of this list. Start again without it.");
  }
}
