import type { FieldProblem, Problem, ProblemCode } from "../../shared/api/problem.ts";

/** What a proxy means that answers in the edge's place. */
const BARE: Record<number, ProblemCode> = { 404: "not_found", 413: "too_large", 429: "rate_limited" };

/** A refusal of the edge, or no answer at all (`network`, status 0). `message` is in the edge's words. */
export class ApiError extends Error {
  readonly code: ProblemCode | "network";
  readonly status: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly errors: readonly FieldProblem[];

  constructor(code: ProblemCode | "network", message: string, status: number, errors: readonly FieldProblem[] = []) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.retryable = status === 0 || status === 408 || status === 429 || status >= 500;
    this.errors = errors;
  }

  /** Of an answer that is no success; tolerates a body that is not the edge's (a proxy's page, say). */
  static async of(response: Response): Promise<ApiError> {
    const problem: Partial<Problem> = await response.json().catch(() => ({}));
    const code = (problem.code ?? BARE[response.status] ?? (response.status >= 500 ? "unavailable" : "bad_request")) as ProblemCode;
    return new ApiError(code, problem.detail ?? problem.title ?? "", response.status, problem.errors ?? []);
  }
}

/** By its name, not its class: another version of the script on the page has a class of its own, and shares the client. */
export const isApiError = (error: unknown): error is ApiError => error instanceof Error && error.name === "ApiError";

/** Whether `error` only says that nobody waits any more. */
export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";
