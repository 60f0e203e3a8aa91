import { expect, test } from "vitest";
import { editDraft, failDraft, openDraft, resolveDraft, sendDraft, settleDraft } from "./draft-machine.ts";

const base = { text: "a\nb\nc\n", etag: '"1"' };
const opened = () => openDraft(base);

test("a saved draft that is edited is saved again, with what the server found wrong", () => {
  const edited = editDraft(opened(), "a\nB\nc\n");
  expect(edited.status).toBe("edited");
  const faults = [{ code: "x", message: "no", path: "", line: 2, column: 1 }];
  expect(settleDraft(sendDraft(edited), "a\nB\nc\n", { kind: "saved", etag: '"2"', faults })).toMatchObject({
    status: "saved",
    base: { etag: '"2"', text: "a\nB\nc\n" },
    faults,
  });
});

test("what is typed while it is on its way is not lost", () => {
  const typing = editDraft(sendDraft(editDraft(opened(), "a\n")), "a\nmore\n");
  expect(settleDraft(typing, "a\n", { kind: "saved", etag: '"2"', faults: [] })).toMatchObject({ status: "edited", text: "a\nmore\n" });
});

test("changes of somebody else at other lines are taken in", () => {
  const mine = editDraft(opened(), "A\nb\nc\n");
  const merged = settleDraft(sendDraft(mine), "A\nb\nc\n", { kind: "conflict", theirs: { text: "a\nb\nC\n", etag: '"9"' } });
  expect(merged).toMatchObject({ status: "edited", text: "A\nb\nC\n", merged: true, base: { etag: '"9"' } });
});

test("where both changed the same line, the member decides; until then nothing is sent", () => {
  const mine = editDraft(opened(), "mine\nb\nc\n");
  const theirs = { text: "theirs\nb\nc\n", etag: '"9"' };
  const conflict = settleDraft(sendDraft(mine), "mine\nb\nc\n", { kind: "conflict", theirs });
  expect(conflict).toMatchObject({ status: "conflict", text: "mine\nb\nc\n", theirs });
  expect(editDraft(conflict, "mine 2\nb\nc\n").status).toBe("conflict");
  expect(resolveDraft(conflict, "both\nb\nc\n")).toMatchObject({ status: "edited", text: "both\nb\nc\n", base: { etag: '"9"' } });
});

test("a lost connection is tried again, a refusal waits for the next key", () => {
  const sending = sendDraft(editDraft(opened(), "x"));
  expect(failDraft(sending, "", true).status).toBe("offline");
  const refused = failDraft(sending, "A flow's key stays.", false);
  expect(refused).toMatchObject({ status: "edited", refusal: "A flow's key stays." });
  expect(editDraft(refused, "y").refusal).toBeUndefined();
});
