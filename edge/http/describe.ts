import { describeRoute, type ResponsesWithResolver, resolver } from "hono-openapi";
import type { z } from "zod";
import { PROBLEM_STATUS, Problem, type ProblemCode } from "../../shared/api/problem.ts";

interface Description {
  tag: string;
  summary: string;
  description?: string;
  /** What a success answers, by status; null for an empty body. */
  answers: Partial<Record<200 | 201 | 202 | 204 | 302 | 304, z.ZodType | null>>;
  /** Refusals beyond those that every route has. */
  problems?: ProblemCode[];
  /** How the caller proves who they are. Default: a user token. */
  security?: "user" | "none" | "any" | "member" | "bootstrap";
}

const SECURITY = {
  user: [{ userToken: [] }],
  none: [],
  any: [{ userToken: [] }, { apiToken: [] }],
  member: [{ apiToken: [] }, { session: [] }],
  bootstrap: [{ bootstrapToken: [] }],
};

/** Describes a route in the OpenAPI document. */
export function describe({ tag, summary, description, answers, problems = [], security = "user" }: Description) {
  const responses: ResponsesWithResolver = {};
  for (const [status, schema] of Object.entries(answers))
    responses[status] = schema
      ? { description: "Done", content: { "application/json": { schema: resolver(schema) } } }
      : { description: "Done, without a body" };
  const all: ProblemCode[] = security === "none" ? problems : [...new Set<ProblemCode>(["unauthenticated", ...problems, "rate_limited"])];
  for (const code of all) {
    const status = PROBLEM_STATUS[code];
    const others = all.filter((one) => PROBLEM_STATUS[one] === status);
    responses[status] = {
      description: others.map((one) => `\`${one}\``).join(", "),
      content: { "application/problem+json": { schema: resolver(Problem) } },
    };
  }
  return describeRoute({ tags: [tag], summary, ...(description ? { description } : {}), security: SECURITY[security], responses });
}
