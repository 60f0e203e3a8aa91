import type { Reply } from "../../engine/deps.ts";
import type { OutgoingResponse } from "./rpc.ts";
import type { RunRow } from "./run-store.ts";

const NO_BODY = new Set([204, 205, 304]);
/** Headers that would speak for the edge itself. */
const OURS = /^(?:set-cookie|strict-transport-security|access-control-.*|content-length|transfer-encoding|connection|clear-site-data)$/;

/** A `respond` step's answer as it goes out: text as it is, everything else as JSON. */
export function toResponse({ status, headers, body }: Reply): OutgoingResponse {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.test(name)));
  if (body === undefined || NO_BODY.has(status))
    return { status: body === undefined && status === 200 ? 204 : status, headers: own, body: "" };
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
  return { status, headers: { "content-type": type, ...own }, body: typeof body === "string" ? body : JSON.stringify(body) };
}

/** The answer of a block that ended, or was still at work, without one of its own. */
export function responseOfRun(row: RunRow): OutgoingResponse {
  if (row.status === "succeeded" || row.status === "stopped")
    return toResponse(row.output === null ? { status: 204, headers: {} } : { status: 200, headers: {}, body: JSON.parse(row.output) });
  const isOver = row.ended !== null;
  const failed =
    row.status === "canceled"
      ? { title: "The run was canceled", code: "run_canceled", detail: "The block was canceled before it could answer" }
      : { title: "The run failed", code: "run_failed", detail: "The block failed before it could answer" };
  const body = isOver ? { type: "about:blank", status: 502, ...failed, run: row.id } : { run: row.id, status: row.status };
  return {
    status: isOver ? 502 : 202,
    headers: { "content-type": isOver ? "application/problem+json" : "application/json" },
    body: JSON.stringify(body),
  };
}
