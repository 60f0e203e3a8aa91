import { z } from "zod";

/** What a dry run shows: for each block the rows that would start it, and what each mapping of the form makes of them. Nothing is written anywhere. */
export const Preview = z.object({
  blocks: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      /** `app`: asked now through the user's account; `sample`: an example that the app's file gives; `none`: known only when it happens. */
      source: z.enum(["app", "sample", "none"]),
      rows: z.array(z.unknown()),
      /** By mapping field: the rows as mapped. */
      mapped: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
      /** Why the app could not be asked. */
      problem: z.string().optional(),
    }),
  ),
});
export type Preview = z.infer<typeof Preview>;
