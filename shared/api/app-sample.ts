import { z } from "zod";

/** Characters of a sample's input and output together, as JSON. */
export const SAMPLE_MAX = 200_000;

export const SampleWrite = z.object({ input: z.record(z.string(), z.unknown()).default({}), output: z.unknown() });

/** What an operation answered once, kept by a member: what flows can be written by. */
export const AppSample = z.object({
  kind: z.enum(["query", "action"]),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
  output: z.unknown(),
  author: z.string().nullable(),
  createdAt: z.string(),
});
export type AppSample = z.infer<typeof AppSample>;
