// The types of the wire that the package's users meet, written out: the package carries no schemas. Held to them by public-types.test.ts.

/** A user's (or the workspace's) access to an app. Never holds a credential. `usedBy` names integrations. */
export interface Account {
  id: string;
  /** The app's key. */
  app: string;
  /** The key of the kind of sign-in. */
  auth: string;
  label: string;
  /** What flow files call an account of the workspace by. */
  key?: string | undefined;
  externalId: string | null;
  owner: "user" | "workspace";
  status: "connected" | "expired" | "revoked" | "error";
  scopes: string[];
  usedBy: { integration: string; flow: string; name: string }[];
  createdAt: string;
  lastUsedAt: string | null;
}

export type IntegrationStatus = "enabled" | "disabled" | "needs_attention";

export type RunStatus = "queued" | "running" | "waiting" | "succeeded" | "failed" | "stopped" | "canceled";

/** Answers a user token that the host's backend has just signed. */
export type GetToken = () => Promise<string>;

/** Text with `{name}` places, or such texts by plural category of `count`. */
export type Message = string | ({ other: string } & { [Category in Intl.LDMLPluralRule]?: string });
