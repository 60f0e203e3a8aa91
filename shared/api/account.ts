import { z } from "zod";
import { Key } from "../flow/key.ts";
import { Why } from "./run.ts";

export const ACCOUNT_STATUSES = ["connected", "expired", "revoked", "error"] as const;

/** A user's (or the workspace's) access to an app. Never holds a credential. `usedBy` names integrations. */
export const Account = z.object({
  id: z.string(),
  app: z.string(),
  auth: z.string(),
  label: z.string(),
  /** What flow files call an account of the workspace by. */
  key: z.string().optional(),
  externalId: z.string().nullable(),
  owner: z.enum(["user", "workspace"]),
  status: z.enum(ACCOUNT_STATUSES),
  scopes: z.array(z.string()),
  usedBy: z.array(z.object({ integration: z.string(), flow: z.string(), name: z.string() })),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
export type Account = z.infer<typeof Account>;

export const AccountCreate = z.object({
  app: z.string(),
  auth: z.string(),
  fields: z.record(z.string(), z.string()).default({}),
  label: z.string().max(200).optional(),
  /** Renew this account's credentials instead of making a new one. */
  account: z.string().optional(),
});
export type AccountCreate = z.infer<typeof AccountCreate>;

export const AuthorizeRequest = z.object({
  app: z.string(),
  auth: z.string().optional(),
  account: z.string().optional(),
  fields: z.record(z.string(), z.string()).optional(),
  /** Where no popup can be had: the page to lead back to, on the origin that asks. */
  returnTo: z.url().max(2_000).optional(),
});
export type AuthorizeRequest = z.infer<typeof AuthorizeRequest>;

export const AuthorizeResponse = z.object({ authorizeUrl: z.string(), attempt: z.string() });
export type AuthorizeResponse = z.infer<typeof AuthorizeResponse>;

/** How far an OAuth attempt has come. `existed`: the account was known already and has been renewed. `why`: `message` by its code. */
export const Attempt = z.object({
  status: z.enum(["pending", "connected", "failed"]),
  account: Account.optional(),
  existed: z.boolean().optional(),
  reason: z.enum(["denied", "expired", "invalid", "error"]).optional(),
  message: z.string().optional(),
  why: Why.omit({ error: true }).optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** A link by which a user connects one account of theirs anew. */
export const ReconnectLink = z.object({ id: z.string(), author: z.string(), createdAt: z.string(), expiresAt: z.string() });
export type ReconnectLink = z.infer<typeof ReconnectLink>;

/**
 * An account as members see it: `user` is the host's own id of whom it belongs to, null where it is the workspace's. `asked`: the link by
 * which the user has been asked to connect it anew, while it waits.
 */
export const WorkspaceAccount = Account.extend({ user: z.string().nullable(), asked: ReconnectLink.nullable() });
export type WorkspaceAccount = z.infer<typeof WorkspaceAccount>;

/** Connecting an account of the workspace: `key` is what flow files call it by. */
export const WorkspaceAccountCreate = AccountCreate.extend({ key: Key.optional() });
export const WorkspaceAuthorizeRequest = AuthorizeRequest.extend({ key: Key.optional(), label: z.string().max(200).optional() });

/** Another name for an account, which it keeps when it is connected again. */
export const AccountPatch = z.object({ label: z.string().trim().min(1).max(200) });
export type AccountPatch = z.infer<typeof AccountPatch>;

/** Which integrations shall use the account `to` instead; all that use the former one where none are named. */
export const AccountMove = z.object({ to: z.string(), integrations: z.array(z.string()).min(1).max(200).optional() });
export type AccountMove = z.infer<typeof AccountMove>;

/** What came of a move: those that use `to` now, and those that could not be moved, with why. */
export const AccountMoved = z.object({
  to: z.string(),
  moved: Account.shape.usedBy,
  refused: z.array(z.object({ integration: z.string(), flow: z.string(), name: z.string(), code: z.string(), message: z.string() })),
});
export type AccountMoved = z.infer<typeof AccountMoved>;

/** The answer to a removal: what used the account and now needs another. */
export const AccountRemoved = z.object({ id: z.string(), usedBy: Account.shape.usedBy });
export type AccountRemoved = z.infer<typeof AccountRemoved>;

export const AccountTest = z.object({ ok: z.boolean(), account: Account, message: z.string().optional(), why: Attempt.shape.why });
export type AccountTest = z.infer<typeof AccountTest>;
