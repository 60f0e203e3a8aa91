import { z } from "zod";

/** A builder's stable name for a thing: letters, digits, `_` and `-`, starting with a letter, at most 64 characters. */
export const Key = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, "use letters, digits, _ or -, starting with a letter");
export type Key = z.infer<typeof Key>;

/** `SLOT.OPERATION`: an account slot of the flow and an operation of that slot's app. */
export const OperationRef = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}\.[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, "write ACCOUNT.OPERATION, such as crm.contacts");
export type OperationRef = z.infer<typeof OperationRef>;
