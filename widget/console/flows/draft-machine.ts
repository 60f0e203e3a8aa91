// A draft while it is written: saved a moment after the last key, never over somebody else's work. No clock and no network of its own.
import { mergeTexts } from "../../../shared/flow/merge-texts.ts";
import type { FileFault, Revision, Saved } from "./flow-api.ts";

export type DraftStatus = "saved" | "edited" | "saving" | "offline" | "conflict";

export interface DraftState {
  status: DraftStatus;
  text: string;
  /** The revision that the text was begun from, as the server has it. */
  base: Revision;
  faults: readonly FileFault[];
  /** While in conflict: what somebody else has made of the draft. */
  theirs?: Revision;
  /** Changes of somebody else have been taken in without a conflict. */
  merged: boolean;
  /** Why the last attempt to save was refused. */
  refusal?: string;
}

export const openDraft = (base: Revision, faults: readonly FileFault[] = []): DraftState => ({
  status: "saved",
  text: base.text,
  base,
  faults,
  merged: false,
});

/** The member has typed. */
export function editDraft(state: DraftState, text: string): DraftState {
  const { refusal: _, ...rest } = state;
  return { ...rest, text, merged: false, status: state.status === "conflict" ? "conflict" : text === state.base.text ? "saved" : "edited" };
}

/** The text is on its way. */
export const sendDraft = (state: DraftState): DraftState => ({ ...state, status: "saving" });

/** The server has answered to `sent`. What was typed meanwhile is saved next; what somebody else changed elsewhere in the text is taken in. */
export function settleDraft(state: DraftState, sent: string, answer: Saved): DraftState {
  if (answer.kind === "saved") {
    const base = { text: sent, etag: answer.etag };
    const { refusal: _, ...rest } = state;
    return { ...rest, base, faults: answer.faults, status: state.text === sent ? "saved" : "edited" };
  }
  const { text, conflicts } = mergeTexts(state.base.text, state.text, answer.theirs.text);
  if (conflicts) return { ...state, status: "conflict", theirs: answer.theirs };
  return { ...state, text, base: answer.theirs, status: text === answer.theirs.text ? "saved" : "edited", merged: true };
}

/** The request did not get through, or was refused. */
export const failDraft = (state: DraftState, refusal: string, isRetryable: boolean): DraftState => ({
  ...state,
  status: isRetryable ? "offline" : "edited",
  ...(isRetryable ? {} : { refusal }),
});

/** The member has decided what the text is, knowing what somebody else wrote. */
export function resolveDraft(state: DraftState, text: string): DraftState {
  const { theirs, ...rest } = state;
  return { ...rest, text, base: theirs ?? state.base, status: "edited" };
}
