import { z } from "zod";

/** An event that the host raises: for one user, an org, or everyone. An `id` seen in the last 24 h starts nothing twice. */
export const HostEventWrite = z.object({
  type: z.string().min(1).max(200),
  data: z.json(),
  user: z.string().max(256).optional(),
  org: z.string().max(256).optional(),
  id: z.string().min(1).max(256).optional(),
});
export type HostEventWrite = z.infer<typeof HostEventWrite>;

/** Durable; the runs follow. */
export const HostEventAccepted = z.object({ id: z.string(), duplicate: z.boolean() });
export type HostEventAccepted = z.infer<typeof HostEventAccepted>;
