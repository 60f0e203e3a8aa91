import { speaker } from "../app/say.ts";

export const say = speaker({
  notifications: "Notifications",
  unread: "Notifications: {count} unread",
  none: "Nothing to tell",
  noneText: "When an account can no longer be used, it stands here.",
  allRead: "Mark all as read",
  resolved: "Mended",
  fresh: "Unread",
  expired: "{label} must be connected again",
  faulty: "{label} can no longer be used",
  restored: "{label} is connected again",
  stopped: "Notifications to {host} have stopped",
  ofUser: "{app} of a user",
  ofWorkspace: "{app} of the workspace",
  setUp: "Send them elsewhere",
});
