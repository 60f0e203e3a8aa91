import { authFields, isSecretField } from "../../../edge/providers/app/auth-fields.ts";
import { findAuth, makeCarry } from "../../../edge/providers/app/carry.ts";
import type { AccountGate } from "../../../edge/providers/app/perform.ts";
import type { AppFile, Auth } from "../../../shared/flow/app-file.ts";
import type { TestAccount } from "../../../shared/flow/test-file.ts";

/** The gate of a made-up account of `app` in `slot`: no budget, one renewal where the sign-in can be renewed, then it has ended. */
export function testGate(app: AppFile, slot: string, account: TestAccount, env: Record<string, string>): AccountGate {
  const auth: Auth = findAuth(app, account.auth ?? app.auth[0]?.key ?? "") ?? { key: "none", type: "none" };
  const isRenewable = auth.type === "oauth2" || auth.type === "oauth2_client_credentials";
  const given = authFields(auth).map(({ key, type, secret, default: preset }) => {
    const value = isSecretField({ type, secret }) ? `test-${slot}-${key}` : typeof preset === "string" ? preset : "test";
    return [key, account.fields?.[key] ?? value];
  });
  const fields = { ...account.fields, ...Object.fromEntries(given) } as Record<string, string>;
  const token = `test-${slot}-token`;
  let ended = account.status === "expired" || account.status === "revoked" ? account.status : undefined;
  let isRenewed = false;
  return {
    async lease() {
      if (ended) return { ok: false, reason: ended, message: `the account has ${ended === "expired" ? "expired" : "been revoked"}` };
      const hasToken = isRenewable || auth.type === "custom";
      const carry = await makeCarry(app, auth, { auth: auth.key, fields, ...(hasToken ? { accessToken: token } : {}) }, env);
      return { ok: true, lease: 1, delay: 0, carry };
    },
    async report({ auth: isRefused, status }) {
      if (!isRefused) {
        if (typeof status === "number" && status < 400) isRenewed = false;
        return { retry: false };
      }
      if (isRenewable && !isRenewed) {
        isRenewed = true;
        return { retry: true };
      }
      ended = "expired";
      return { retry: false, ended: true };
    },
  };
}
