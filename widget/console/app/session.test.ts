import { expect, test } from "vitest";
import { can, canOperate, onFlow, type Session } from "./session.ts";

const session = (scopes: Session["member"]["scopes"], flows: { flow: string; role: string }[] = []): Session => ({
  workspace: { id: "ws_1", name: "One" },
  member: { id: "mem_1", name: "Ada", email: null, role: null, scopes, flows },
});

test("whoever writes may read and operate; whoever operates may not write; admins may everything", () => {
  expect(can(session(["write"]), "read") && canOperate(session(["write"]))).toBe(true);
  expect(can(session(["read", "events"]), "write")).toBe(false);
  expect(can(session(["write"]), "admin")).toBe(false);
  expect(can(session(["admin"]), "write")).toBe(true);
});

test("a role on one flow adds to what the member may there, and nowhere else", () => {
  const viewer = session(["read"], [{ flow: "mine", role: "builder" }]);
  expect(can(onFlow(viewer, "mine"), "write")).toBe(true);
  expect(can(onFlow(viewer, "other"), "write")).toBe(false);
  expect(can(viewer, "write")).toBe(false);
});
