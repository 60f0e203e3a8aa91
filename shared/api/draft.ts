import { z } from "zod";
import { FormState } from "./flow.ts";

/** Stands for a secret that is stored: it is shown as entered, sent back as it is, and never holds the value. */
export const SealedSecret = z.object({ $secret: z.literal(true) });
export type SealedSecret = z.infer<typeof SealedSecret>;

/** A user's unfinished setup of a flow; of one integration of it when `integration` is given. */
export const DraftWrite = z.object({
  integration: z.string().optional(),
  name: z.string().max(200).optional(),
  page: z.string().optional(),
  accounts: z.record(z.string(), z.string()).default({}),
  values: z.record(z.string(), z.unknown()).default({}),
});
export type DraftWrite = z.infer<typeof DraftWrite>;

/** The draft as stored, secrets masked, with the form's state for it. `savedAt` is null where nothing was stored yet. */
export const Draft = DraftWrite.extend({ savedAt: z.string().nullable(), form: FormState });
export type Draft = z.infer<typeof Draft>;
