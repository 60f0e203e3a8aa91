import type { ValidationTargets } from "hono";
import { validator } from "hono-openapi";
import type { z } from "zod";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}

/** Reads `target` of the request by `schema` and describes it in the OpenAPI document. A body that does not fit is 422, anything else 400, with `errors` by path. */
export const validate = <S extends z.ZodType, T extends keyof ValidationTargets>(target: T, schema: S) =>
  validator<S, T, AppEnv, string>(target, schema, (result) => {
    if (result.success) return;
    const errors = result.error.map(toFieldProblem);
    const where = errors.map((one) => one.path).filter(Boolean);
    const [first] = errors;
    const detail = where.length > 1 ? `Check ${where.slice(0, 5).join(", ")}.` : first ? inWords(first) : "Check what was sent.";
    throw new ProblemError(target === "json" ? "invalid" : "bad_request", detail, { errors });
  });

const ARTICLES: Record<string, string> = {
  ...{ string: "a text", number: "a number", boolean: "true or false", array: "a list" },
  ...{ object: "an object", record: "an object" },
};
const inWords = ({ path, message }: FieldProblem) => (path === "" ? message : `Check ${path}. ${message}.`);

function toFieldProblem(issue: Issue): FieldProblem {
  const path = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  const missing = /^Invalid input: expected (\w+), received undefined$/.exec(issue.message);
  if (missing) return { path, code: "required", message: `It is missing: give ${ARTICLES[missing[1] ?? ""] ?? "it"}` };
  return { path, code: "invalid", message: issue.message === "Invalid input" ? "It is missing, or not what is asked for" : issue.message };
}
