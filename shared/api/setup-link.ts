import { z } from "zod";
import { FieldProblem } from "./problem.ts";

/** How long (ms) a link can be used. */
export const SETUP_LINK_LIFE = 7 * 86_400_000;

const text = (max: number) => z.string().trim().min(1).max(max);

/** Whom an integration is set up for: `id` is the host's own, or `usr_…`. The rest is kept of a user who is not known yet. */
export const DeployFor = z.object({
  id: text(255),
  org: text(255).optional(),
  name: text(200).optional(),
  email: z.email().max(320).optional(),
});

/** Sets up an integration for a user, as far as it can be done without them. */
export const FlowDeploy = z.object({
  user: DeployFor,
  name: z.string().min(1).max(200).optional(),
  accounts: z.record(z.string(), z.string()).default({}),
  values: z.record(z.string(), z.unknown()).default({}),
  enable: z.boolean().default(true),
});
export type FlowDeploy = z.infer<typeof FlowDeploy>;

/** A link by which a user finishes a setup. `integration`: what came of it, null while it waits. */
export const SetupLink = z.object({
  id: z.string(),
  user: z.object({ id: z.string(), externalId: z.string(), name: z.string().nullable(), org: z.string().nullable() }),
  author: z.string(),
  integration: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type SetupLink = z.infer<typeof SetupLink>;

/** Either the integration is there, or the user is asked for what is `missing`, by `link.url`, which is shown this once. */
export const FlowDeployed = z.object({
  integration: z.string().nullable(),
  link: SetupLink.extend({ url: z.string() }).nullable(),
  missing: z.array(FieldProblem),
});
export type FlowDeployed = z.infer<typeof FlowDeployed>;

/** What a link is about, for the page that it opens. */
export const SetupLinkInfo = z.object({
  workspace: z.string(),
  flow: z.string(),
  author: z.string(),
  user: z.string(),
  integration: z.string().nullable(),
  expiresAt: z.string(),
});
export type SetupLinkInfo = z.infer<typeof SetupLinkInfo>;
