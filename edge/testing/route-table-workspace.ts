// For tests: the lines of the routes by which members manage flows, apps, errors and templates.
import type { MemberLine, RouteLine } from "./route-table.ts";

/** As in route-table.ts, which these are part of. */
export const workspaceRoutes = (member: MemberLine): Record<string, RouteLine> => ({
  "GET /v1/workspace/flows/:flow": member("read", "workspace", 200, () => "/v1/workspace/flows/hello"),
  "PUT /v1/workspace/flows/:flow/file": member(
    "write",
    "workspace",
    200,
    () => "/v1/workspace/flows/hello/file",
    (x) => x.flowFile,
  ),
  "GET /v1/workspace/flows/:flow/versions/:version": member("read", "workspace", 200, () => "/v1/workspace/flows/hello/versions/1"),
  "GET /v1/workspace/flows/:flow/versions/:version/file": member(
    "read",
    "workspace",
    200,
    () => "/v1/workspace/flows/hello/versions/1/file",
  ),
  "PATCH /v1/workspace/flows/:flow/versions/:version": member(
    "write",
    "workspace",
    200,
    () => "/v1/workspace/flows/hello/versions/1",
    () => ({
      labels: ["Seen"],
    }),
  ),
  "POST /v1/workspace/flows/:flow/versions/:version/restore": member(
    "write",
    "workspace",
    200,
    () => "/v1/workspace/flows/hello/versions/1/restore",
  ),
  "GET /v1/workspace/flows/:flow/compare": member("read", "workspace", 200, () => "/v1/workspace/flows/hello/compare"),
  "GET /v1/workspace/flows/:flow/upgrade": member("read", "workspace", 200, () => "/v1/workspace/flows/hello/upgrade"),
  "POST /v1/workspace/flows/:flow/upgrade": member(
    "write",
    "workspace",
    200,
    () => "/v1/workspace/flows/hello/upgrade",
    () => ({}),
  ),
  "POST /v1/workspace/validate": member(
    "read",
    "none",
    200,
    () => "/v1/workspace/validate",
    (x) => x.flowFile,
  ),
  "GET /v1/workspace/folders": member("read", "none", 200, () => "/v1/workspace/folders"),
  "POST /v1/workspace/folders": member(
    "write",
    "none",
    201,
    () => "/v1/workspace/folders",
    () => ({ name: crypto.randomUUID() }),
  ),
  "PATCH /v1/workspace/folders/:folder": member(
    "write",
    "workspace",
    200,
    (x) => `/v1/workspace/folders/${x.folder}`,
    () => ({ name: "Renamed" }),
  ),
  "GET /v1/workspace/home": member("read", "none", 200, () => "/v1/workspace/home"),
  "PUT /v1/workspace/home": member(
    "read",
    "none",
    204,
    () => "/v1/workspace/home",
    () => ({ view: "list", order: [], pins: [] }),
  ),
  "DELETE /v1/workspace/folders/:folder": member("write", "workspace", 204, (x) => `/v1/workspace/folders/${x.folder}`),
});
