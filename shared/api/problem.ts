import { z } from "zod";

/** A fault at one place of what was sent. `path` is dotted, such as `values.audience`. */
export const FieldProblem = z.object({
  path: z.string(),
  code: z.string(),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

/** The body of every refusal: RFC 9457 `application/problem+json` with a stable `code` and words that say what to do. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(FieldProblem).optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Every `code` that a route answers with, and its status. */
export const PROBLEM_STATUS = {
  bad_request: 400,
  invalid: 422,
  unauthenticated: 401,
  token_expired: 401,
  forbidden: 403,
  not_found: 404,
  gone: 410,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  in_use: 409,
  already_exists: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  rate_limited: 429,
  quota_exceeded: 429,
  queue_full: 429,
  account_needed: 409,
  account_expired: 409,
  app_failed: 502,
  app_timeout: 504,
  disabled: 409,
  internal: 500,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;
