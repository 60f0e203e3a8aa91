import { z } from "zod";

/** A member's roles, strongest first, and those that can be given on a single flow, where they add to the role in the workspace. */
export const MEMBER_ROLES = ["owner", "admin", "builder", "operator", "viewer"] as const;
export const MEMBER_FLOW_ROLES = ["builder", "operator", "viewer"] as const;

const FlowRoles = z.array(z.object({ flow: z.string(), role: z.enum(MEMBER_FLOW_ROLES) }));

/** A person of the organisation. `flows` are roles on single flows, by flow key. */
export const Member = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(MEMBER_ROLES),
  flows: FlowRoles,
  createdAt: z.string(),
});
export type Member = z.infer<typeof Member>;

export const MemberPatch = z.object({ role: z.enum(MEMBER_ROLES).optional(), name: z.string().trim().min(1).max(200).optional() });
export const MemberFlowRole = z.object({ role: z.enum(MEMBER_FLOW_ROLES) });

/** A sign-in that still holds. `by`: `link`, `invitation` or a provider's id. `current`: the one that asks. */
export const MemberSession = z.object({
  id: z.string(),
  by: z.string().nullable(),
  agent: z.string().nullable(),
  createdAt: z.string(),
  seenAt: z.string().nullable(),
  expiresAt: z.string(),
  current: z.boolean(),
});
export type MemberSession = z.infer<typeof MemberSession>;

/** An invitation that can still be taken up. */
export const Invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(MEMBER_ROLES),
  invitedBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type Invitation = z.infer<typeof Invitation>;
export const InvitationWrite = z.object({ email: z.email().max(320), role: z.enum(MEMBER_ROLES).default("viewer") });

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/, "write a domain, such as example.com");

/**
 * An OpenID provider that members sign in with. `domains`: whose addresses come in by it, everyone's where it is empty. `role`: what
 * whoever comes from one of them joins as; null lets in members and the invited alone.
 */
export const SignInProvider = z.object({
  id: z.string(),
  label: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  hasSecret: z.boolean(),
  domains: z.array(z.string()),
  role: z.enum(MEMBER_ROLES).nullable(),
  redirectUri: z.string(),
  startUrl: z.string(),
  createdAt: z.string(),
});
export type SignInProvider = z.infer<typeof SignInProvider>;

/** `clientSecret`: left out it stays as it is, null makes a public client. */
export const SignInProviderWrite = z
  .object({
    label: z.string().trim().min(1).max(100),
    issuer: z.url().max(500),
    clientId: z.string().trim().min(1).max(500),
    clientSecret: z.string().min(1).max(5_000).nullable().optional(),
    domains: z.array(Domain).max(100).default([]),
    role: z.enum(MEMBER_ROLES).nullable().default(null),
  })
  .refine(({ role, domains }) => role === null || domains.length > 0, {
    path: ["domains"],
    message: "name the domains whose addresses may join: without them everybody with an account there could",
  })
  .refine(({ role }) => role !== "owner", { path: ["role"], message: "nobody joins as an owner: make one of them an owner afterwards" });

/** A workspace that this browser is signed in to. */
export const SignedInWorkspace = z.object({ id: z.string(), name: z.string(), role: z.string(), email: z.string(), current: z.boolean() });
export type SignedInWorkspace = z.infer<typeof SignedInWorkspace>;
