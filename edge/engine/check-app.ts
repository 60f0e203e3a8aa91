// What an app file must hold beyond its schema: every expression in it parses, and what it names is there.
import type { AppFile, Operation } from "../../shared/flow/app-file.ts";
import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { Field } from "../../shared/flow/field.ts";
import { compileTemplate, ExpressionError, readsOf } from "./expression.ts";
import type { FlowFault } from "./fault-list.ts";

/** The faults of an app file. `path` is dotted, from the file's root. Empty when its operations can run. */
export function checkApp(app: AppFile): FlowFault[] {
  const faults: FlowFault[] = [];
  const add = (code: string, message: string, path: string) => faults.push({ code, message, path });
  const query = (key: string | undefined, path: string) => {
    if (key !== undefined && !Object.hasOwn(app.queries, key))
      add("unknown_query", `The app has no query “${key}”; it has ${Object.keys(app.queries).join(", ") || "none"}`, path);
  };
  checkTexts(
    { baseUrl: app.baseUrl, headers: app.headers, auth: app.auth, test: app.test, errors: app.errors, webhook: app.webhook },
    "",
    add,
  );
  query(app.test?.query, "test.query");
  for (const part of ["queries", "actions"] as const)
    for (const [key, operation] of Object.entries(app[part])) checkOperation(operation, `${part}.${key}`, add);
  for (const [key, trigger] of Object.entries(app.triggers)) {
    const path = `triggers.${key}`;
    checkTexts({ webhook: trigger.webhook, poll: trigger.poll }, path, add, keysOf(trigger.input));
    if (!trigger.webhook && !trigger.poll) add("no_source", "A trigger comes by “webhook” or by “poll”", path);
    query(trigger.poll?.query, `${path}.poll.query`);
    checkSubscription(trigger, `${path}.webhook`, add);
  }
  const auths = app.auth.map(({ key }) => key);
  auths.forEach((key, index) => {
    if (auths.indexOf(key) !== index) add("duplicate_key", `Another auth has the key “${key}” already`, `auth.${index}.key`);
  });
  return faults;
}

type Add = (code: string, message: string, path: string) => void;
const keysOf = (fields: readonly Field[] | undefined): Set<string> => new Set((fields ?? []).map(({ key }) => key));

/** What ends or checks a subscription by its id needs to be told which part of the app's answer that is. */
function checkSubscription({ webhook }: AppFile["triggers"][string], path: string, add: Add): void {
  if (webhook?.subscribe?.id !== undefined) return;
  const reader = (["unsubscribe", "check"] as const).find((key) => JSON.stringify(webhook?.[key] ?? "").includes("subscription.id"));
  if (reader)
    add(
      "no_subscription_id",
      `“${reader}” reads subscription.id: say where the app's answer has it, such as id: "{{ body.id }}"`,
      `${path}.subscribe`,
    );
}

function checkOperation({ input, request, page, output, missing }: Operation, path: string, add: Add): void {
  checkTexts({ request, page, output, missing }, path, add, keysOf(input));
  if (request.path !== undefined && request.url !== undefined)
    add("two_addresses", "A request has “path”, behind the app's baseUrl, or “url” in its place, not both", `${path}.request.url`);
  if (request.method === "GET" && request.body !== undefined)
    add("body_of_get", "A GET carries no body: put it into “query”, or use another method", `${path}.request.body`);
}

/** That every text within `value` is a template that parses, and reads inputs that are there. */
function checkTexts(value: unknown, path: string, add: Add, inputs?: ReadonlySet<string>): void {
  if (typeof value === "string") checkText(value, path, add, inputs);
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) checkTexts(inner, path === "" ? key : `${path}.${key}`, add, inputs);
}

function checkText(text: TemplateValue & string, path: string, add: Add, inputs: ReadonlySet<string> | undefined): void {
  try {
    compileTemplate(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const place = error.position === undefined ? "" : ` (character ${error.position + 1})`;
    add(`expression_${error.code}`, `${error.message}${place}`, path);
    return;
  }
  for (const read of inputs ? readsOf(text) : []) {
    const [head, key] = read.split(".");
    if (head === "input" && key !== undefined && !inputs?.has(key)) add("unknown_input", `There is no input “${key}” here`, path);
  }
}
