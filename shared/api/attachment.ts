import { z } from "zod";

/** Bytes of one attachment, and how many a flow may have. */
export const ATTACHMENT_MAX_BYTES = 10_000_000;
export const ATTACHMENTS_MAX = 50;

/** What may be attached to a flow, by the ending of its name. What a browser would run, such as HTML and SVG, is not among it. */
export const ATTACHMENT_TYPES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

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
