import { can, type Session } from "../app/session.ts";
import { say } from "./words.ts";

const PARTS = [
  { name: "members", label: say("members"), isFor: "admin" },
  { name: "sign-in", label: say("signIn"), isFor: "admin" },
  { name: "tokens", label: say("tokens"), isFor: "admin" },
  { name: "keys", label: say("keys"), isFor: "read" },
  { name: "secrets", label: say("secrets"), isFor: "read" },
  { name: "variables", label: say("variables"), isFor: "read" },
  { name: "icons", label: say("icons"), isFor: "read" },
  { name: "notifications", label: say("notifications"), isFor: "admin" },
  { name: "audit", label: say("audit"), isFor: "admin" },
  { name: "bin", label: say("bin"), isFor: "read" },
  { name: "you", label: say("you"), isFor: "read" },
] as const;
/** The last part of its address. */
export type PartName = (typeof PARTS)[number]["name"];

/** The parts of Settings that the member may see, in their order: what each is called, and its place in the address. */
export const partsFor = (session: Session) => PARTS.filter(({ isFor }) => can(session, isFor));
