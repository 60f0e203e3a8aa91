// Who may come in: members, invitations, API tokens, sign-in providers.
import type { SignInProvider } from "../../../shared/api/member.ts";
import { CommandError } from "../../edge-access.ts";
import { readInput } from "../ask-user.ts";
import { at, type Given, type Listing, one, words } from "../listing.ts";

const [member, token, provider] = [one("members"), one("tokens"), one("sign-in-providers")];

/** Who may join by a provider, as far as it is given. */
const joining = ({ domains, role }: Given) => ({
  ...(domains === undefined ? {} : { domains: words(domains) }),
  ...(role === undefined ? {} : { role: role === "nobody" ? null : role }),
});

/** A client's secret, never on the command line. */
async function secretOf(given: string | undefined): Promise<{ clientSecret?: string | null }> {
  if (given === undefined) return {};
  if (given === "none") return { clientSecret: null };
  if (given !== "-") throw new CommandError("A secret does not stand on the command line: say --secret -, and type it or pipe it in.");
  return { clientSecret: await readInput("Client secret: ", { isHidden: true }) };
}

/** In the order of the help. */
export const ACCESS_LISTINGS: readonly Listing[] = [
  {
    name: "members",
    about: "Lists members, invites them, and gives them roles.",
    columns: [
      ["MEMBER", "id"],
      ["NAME", "name"],
      ["EMAIL", "email"],
      ["ROLE", "role"],
      ["SINCE", "createdAt"],
    ],
    path: () => "/members",
    filters: {},
    verbs: {
      invite: {
        takes: ["EMAIL", "ROLE"],
        about: "prints the link to send them",
        call: ([email, role]) => ({ method: "POST", path: "/invitations", body: { email, role } }),
      },
      role: {
        takes: ["MEMBER", "ROLE"],
        about: "owner, admin, builder, operator or viewer",
        call: ([id, role]) => ({ method: "PATCH", path: member(id), body: { role } }),
      },
      rename: {
        takes: ["MEMBER", "NAME"],
        about: "calls them something else",
        call: ([id, name]) => ({ method: "PATCH", path: member(id), body: { name } }),
      },
      "flow-role": {
        takes: ["MEMBER", "FLOW", "ROLE"],
        about: "on one flow: builder, operator or viewer, none to take it",
        call: ([id, key = "", role]) => {
          const path = member(id, `/flows/${at(key)}`);
          return role === "none" ? { method: "DELETE", path } : { method: "PUT", path, body: { role } };
        },
      },
      link: {
        takes: ["EMAIL"],
        about: "prints a link that signs a member in once",
        call: ([email]) => ({ method: "POST", path: "/sign-in-links", body: { email } }),
      },
      sessions: {
        takes: ["MEMBER"],
        about: "where they are signed in",
        call: ([id]) => ({ method: "GET", path: member(id, "/sessions") }),
      },
      "sign-out": {
        takes: ["MEMBER"],
        about: "everywhere, at once",
        call: ([id]) => ({ method: "DELETE", path: member(id, "/sessions") }),
      },
      remove: {
        ...{ takes: ["MEMBER"], about: "and ends their sessions" },
        asks: ([id]) => `Remove the member ${id}?`,
        call: ([id]) => ({ method: "DELETE", path: member(id) }),
      },
    },
  },
  {
    name: "invitations",
    about: "Lists invitations that can still be taken up, and withdraws them; inlay members invite sends one.",
    columns: [
      ["INVITATION", "id"],
      ["EMAIL", "email"],
      ["ROLE", "role"],
      ["EXPIRES", "expiresAt"],
    ],
    path: () => "/invitations",
    verbs: {
      withdraw: {
        takes: ["INVITATION"],
        about: "its link works no longer",
        call: ([id]) => ({ method: "DELETE", path: one("invitations")(id) }),
      },
    },
  },
  {
    name: "tokens",
    about: "Lists API tokens, makes and revokes them.",
    columns: [
      ["TOKEN", "id"],
      ["NAME", "name"],
      ["MAY", "scopes"],
      ["MEMBER", "member"],
      ["EXPIRES", "expiresAt"],
      ["USED", "lastUsedAt"],
    ],
    path: () => "/tokens",
    more: { expires: "when it ends: ISO 8601" },
    verbs: {
      add: {
        takes: ["NAME", "SCOPES"],
        about: "shown this once; scopes: read,write,events,admin",
        call: ([name, scopes], { expires }) => ({
          method: "POST",
          path: "/tokens",
          body: { name, scopes: words(scopes), expiresAt: expires },
        }),
      },
      revoke: {
        ...{ takes: ["TOKEN"], about: "at once" },
        asks: ([id]) => `Revoke the token ${id}? What uses it is refused at once.`,
        call: ([id]) => ({ method: "DELETE", path: token(id) }),
      },
    },
  },
  {
    name: "providers",
    about: "Lists OpenID providers that members sign in with, adds, changes and removes them.",
    columns: [
      ["PROVIDER", "id"],
      ["LABEL", "label"],
      ["ISSUER", "issuer"],
      ["CLIENT", "clientId"],
      ["DOMAINS", "domains"],
      ["ROLE", "role"],
    ],
    path: () => "/sign-in-providers",
    more: {
      ...{ domains: "whose addresses may join, with commas between: none for none", role: "what they join as; nobody: nobody joins" },
      ...{ label: "of a change", issuer: "of a change", client: "of a change" },
      secret: "of a change: “-” types or pipes another one in, “none” makes a public client",
    },
    verbs: {
      add: {
        takes: ["LABEL", "ISSUER", "CLIENT"],
        about: "the client's secret is typed unseen or piped in; nothing makes a public client",
        call: async ([label, issuer, clientId], { domains, role }) => ({
          method: "POST",
          path: "/sign-in-providers",
          body: {
            ...{ label, issuer, clientId, ...joining({ domains, role }) },
            clientSecret: (await readInput("Client secret: ", { isHidden: true })) || null,
          },
        }),
      },
      change: {
        takes: ["PROVIDER"],
        about: "what is not given stays as it is, its secret too",
        call: async ([id], { label, issuer, client: clientId, ...given }, access) => {
          const { items } = await access.json<{ items: SignInProvider[] }>("/sign-in-providers");
          const now = items.find((one) => one.id === id);
          if (!now) throw new CommandError(`There is no provider ${id}.`);
          const { domains, role } = now;
          const body = { label: label ?? now.label, issuer: issuer ?? now.issuer, clientId: clientId ?? now.clientId, domains, role };
          return { method: "PUT", path: provider(id), body: { ...body, ...joining(given), ...(await secretOf(given.secret)) } };
        },
      },
      remove: {
        ...{ takes: ["PROVIDER"], about: "whoever signed in by it is signed out" },
        asks: ([id]) => `Remove the provider ${id}? Whoever signed in by it is signed out at once.`,
        call: ([id]) => ({ method: "DELETE", path: provider(id) }),
      },
    },
  },
];
