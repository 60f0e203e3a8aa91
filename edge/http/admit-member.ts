// Who may come in by a provider's word. Pure of HTTP: what is refused is a value with words for whoever tried.
import type { Catalogue } from "../db/catalogue.ts";
import { acceptInvitation, findInvitation } from "../db/invitations.ts";
import { changeMember, ensureMember, findMember, isWithinRole, type Role, readMember } from "../db/members.ts";
import { findIdentity, type SignInProviderRow, saveIdentity } from "../db/sign-in-providers.ts";
import type { OidcIdentity } from "../providers/oidc/member-sign-in.ts";

/** Whoever set a provider up decides whom it vouches for: were that anybody, an admin could become an owner by a provider of their own. */
const TOO_STRONG = {
  ok: false as const,
  message: "This provider was set up by somebody who may not stand in for you. Sign in by a link, and save the provider once yourself.",
};

export type Admission = { ok: true; member: string; how: "known" | "linked" | "invited" | "joined" } | { ok: false; message: string };

/**
 * The member that `identity` is. Known subjects come in as whom they were first; a new one by its address: as the member or the invited
 * of that address, or, where the provider's `domains` hold it and joining is on, as a new member.
 */
export async function admitMember(db: Catalogue, provider: SignInProviderRow, identity: OidcIdentity): Promise<Admission> {
  const { workspace, id, domains, role } = provider;
  const vouches = (strength: string) => isWithinRole((provider.setBy as Role | null) ?? "owner", strength);
  const known = await findIdentity(db, workspace, id, identity.subject);
  if (known !== undefined) {
    const row = await readMember(db, workspace, known);
    return row && vouches(row.role) ? { ok: true, member: known, how: "known" } : TOO_STRONG;
  }
  const { email } = identity;
  if (email === null) return { ok: false, message: "The provider told no e-mail address. Whoever set it up must let it tell that." };
  const isOurs = domains.includes(email.slice(email.lastIndexOf("@") + 1));
  if (identity.isVerified === false || (identity.isVerified === undefined && !isOurs))
    return { ok: false, message: `The provider does not vouch for ${email}. Confirm the address there, then try again.` };
  if (domains.length && !isOurs) return { ok: false, message: `Addresses such as ${email} do not come in by this provider.` };
  const strength = (await findMember(db, workspace, email))?.role ?? (await findInvitation(db, workspace, email))?.role;
  if (strength !== undefined && !vouches(strength)) return TOO_STRONG;
  const admitted = await admitAddress(db, workspace, email, isOurs ? role : null);
  if (!admitted) return { ok: false, message: `${email} is no member here. Ask somebody who is to invite you.` };
  await saveIdentity(db, workspace, id, identity.subject, admitted.member);
  if (admitted.how !== "linked" && identity.name !== null) await changeMember(db, workspace, admitted.member, { name: identity.name });
  return { ok: true, ...admitted };
}

async function admitAddress(
  db: Catalogue,
  workspace: string,
  email: string,
  role: string | null,
): Promise<{ member: string; how: "linked" | "invited" | "joined" } | undefined> {
  const member = await findMember(db, workspace, email);
  if (member) return { member: member.id, how: "linked" };
  const invitation = await findInvitation(db, workspace, email);
  const accepted = invitation && (await acceptInvitation(db, { workspace, id: invitation.id }));
  if (accepted) return { member: accepted.member, how: "invited" };
  return role === null ? undefined : { member: await ensureMember(db, workspace, email, role as Role), how: "joined" };
}
