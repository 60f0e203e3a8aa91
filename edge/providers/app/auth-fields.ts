import type { Auth } from "../../../shared/flow/app-file.ts";
import type { Field } from "../../../shared/flow/field.ts";
import { impliedFields } from "../oauth/complete-auth.ts";

/** The fields of an auth kind; where the app file gives none, those that its type cannot do without. */
export function authFields(auth: Auth): Field[] {
  if (auth.type === "oauth2" || auth.type === "oauth2_client_credentials") return [...(auth.fields ?? []), ...impliedFields(auth)];
  if (auth.fields) return auth.fields;
  const field = (key: string, label: string, type: Field["type"]): Field => ({ key, label, type, required: true });
  switch (auth.type) {
    case "api_key":
      return [field("key", "API key", "secret")];
    case "bearer":
      return [field("token", "Access token", "secret")];
    case "basic":
      return [field("username", "User name", "text"), field("password", "Password", "secret")];
    default:
      return [];
  }
}

/** Whether the field holds a secret: of type `secret`, or marked as one. */
export const isSecretField = (field: { type: string; secret?: boolean | undefined }): boolean =>
  field.type === "secret" || field.secret === true;
