import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { matchesTags, parseTags } from "../../shared/flow/tags.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { type FlowRow, findPublishedFlow } from "../db/published-flows.ts";
import { isOfLink } from "./link-user.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";

/** Whether the user's token lets them see flows with these tags at all. */
export const isWithinToken = (user: TokenUser, tags: readonly string[]): boolean =>
  user.tags === undefined || matchesTags(parseTags(user.tags), tags);

/** Whether the marketplace offers the flow to the user. */
export function isOffered(user: TokenUser, flow: { audience: "everyone" | "beta" | "nobody"; tags: readonly string[] }): boolean {
  const isInvited = flow.audience === "everyone" || (flow.audience === "beta" && user.attributes.beta === true);
  return isInvited && isWithinToken(user, flow.tags);
}

/** The published flow `key`, as the user may set it up; a member's link offers one whatever its audience. Refuses with `not_found`, or `gone` where it has been withdrawn. */
export async function findOfferedFlow(
  db: Catalogue,
  user: TokenUser,
  key: string,
): Promise<{ flow: FlowRow; version: number; file: FlowFile }> {
  const found = await findPublishedFlow(db, user.workspace, key);
  if (user.limit && found?.file && isOfLink(user, key)) return found;
  if (!found || user.limit || !isWithinToken(user, found.flow.tags))
    throw new ProblemError("not_found", "There is no such integration on offer. Go back to the list and choose another.");
  if (found.file === null || found.flow.audience === "nobody")
    throw new ProblemError("gone", "This integration is no longer offered. Those already set up go on working; new ones cannot be made.");
  if (!isOffered(user, found.flow))
    throw new ProblemError("not_found", "There is no such integration on offer. Go back to the list and choose another.");
  return found;
}
