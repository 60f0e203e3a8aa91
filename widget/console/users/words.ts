import { speaker } from "../app/say.ts";

export const say = speaker({
  title: "Users",
  user: "User",
  id: "Id",
  org: "Org",
  email: "Email",
  seen: "Last seen",
  search: "Search users",
  emptyTitle: "No user has come yet",
  emptyText:
    "A user of your app is known from the first token that your backend signs for them. Put the marketplace into a page of your app, and open it.",
  noMatch: "No user matches",
  noMatchText: "Try a part of the id, the name, the email or the org.",
  integrations: "Integrations",
  accounts: "Accounts",
  runs: "Runs",
  usage: "Usage",
  about: "About",
  known: "Known since",
  locale: "Language",
  attributes: "Attributes",
});
