import { z } from "zod";
import { Account, ReconnectLink } from "./account.ts";
import { AppDetail } from "./flow.ts";

/** How long (ms) a link can be used. */
export const RECONNECT_LINK_LIFE = 7 * 86_400_000;

/** A link that was just made: `url` is shown this once. */
export const ReconnectLinkMade = ReconnectLink.extend({ account: z.string(), url: z.string() });
export type ReconnectLinkMade = z.infer<typeof ReconnectLinkMade>;

/** What a link is about, for the page that it opens. `isDone`: the account has been connected since. */
export const ReconnectLinkInfo = z.object({
  workspace: z.string(),
  author: z.string(),
  account: Account.pick({ id: true, auth: true, label: true, status: true }),
  app: AppDetail,
  isDone: z.boolean(),
  expiresAt: z.string(),
});
export type ReconnectLinkInfo = z.infer<typeof ReconnectLinkInfo>;
