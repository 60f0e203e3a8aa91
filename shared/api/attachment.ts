import { z } from "zod";

/** A file that members keep with a flow. `size` in bytes; `type` is what was found in it. */
export const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number().int(),
  author: z.string().nullable(),
  createdAt: z.string(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A name without folders, and without characters that make it look like another. */
export const AttachmentName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}\p{Cf}/\\]/u.test(name) && name.isWellFormed(), {
    message: "Use a plain name, without folders or hidden characters",
  });

export const AttachmentPatch = z.object({ name: AttachmentName });
