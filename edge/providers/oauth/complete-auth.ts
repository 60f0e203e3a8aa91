// What an app file leaves to a known provider, filled in: addresses, quirks, and the fields that both need of whoever connects.
import type { Auth } from "../../../shared/flow/app-file.ts";
import type { Field } from "../../../shared/flow/field.ts";
import { type OAuthProvider, providerFields } from "../../../shared/flow/oauth-provider.ts";
import { OAUTH_PROVIDERS } from "../../../shared/flow/oauth-providers.ts";

type OAuth = Extract<Auth, { type: "oauth2" | "oauth2_client_credentials" }>;

/** Fields that hold a client of the user's own. */
export const OWN_CLIENT = { id: "client_id", secret: "client_secret" } as const;

const CLIENT_FIELDS: Field[] = [
  { key: OWN_CLIENT.id, type: "text", label: "Client ID", required: true, help: "Of the OAuth client that you have registered there" },
  { key: OWN_CLIENT.secret, type: "secret", label: "Client secret", required: true },
];

/** `auth` with what its provider says where it says nothing itself. Other kinds, and those without a provider, as they are. */
export function completeAuth<A extends Auth>(auth: A): A {
  const provider = providerOf(auth);
  return provider ? { ...provider, ...auth } : auth;
}

/** The fields that an OAuth sign-in cannot do without beside those that the app file declares. */
export function impliedFields(auth: OAuth): Field[] {
  const declared = new Set((auth.fields ?? []).map(({ key }) => key));
  const implied = [...addressFields(completeAuth(auth)), ...(auth.client === "user" ? CLIENT_FIELDS : [])];
  return implied.filter(({ key }) => !declared.has(key));
}

const addressFields = (auth: OAuth) =>
  auth.type === "oauth2" && auth.provider !== undefined ? providerFields(auth.authorizeUrl ?? "", auth.tokenUrl ?? "") : [];

const providerOf = (auth: Auth): OAuthProvider | undefined =>
  auth.type === "oauth2" && auth.provider !== undefined ? OAUTH_PROVIDERS[auth.provider] : undefined;
