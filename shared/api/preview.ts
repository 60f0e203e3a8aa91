import { z } from "zod";
import { FieldProblem } from "./problem.ts";
import { Why } from "./run.ts";

/** What a dry run shows: for each block the rows that would start it, and what each mapping of the form makes of them. Nothing is written anywhere. */
export const Preview = z.object({
  blocks: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      /** `app`: asked now through the user's account; `sample`: an example that the app's file gives; `none`: known only when it happens. */
      source: z.enum(["app", "sample", "none"]),
      /** The account slot whose app was asked, or gives the example. */
      account: z.string().optional(),
      rows: z.array(z.unknown()),
      /** By mapping field: the rows as mapped. */
      mapped: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
      /** Why the app could not be asked. */
      problem: z.string().optional(),
      /** The same by its code, as errors of runs have it. */
      why: Why.omit({ error: true }).optional(),
    }),
  ),
  /**
   * What keeps it from working, path by path as a refused save names it: required fields, targets that nothing goes into (`unmapped`), and
   * accounts that lack a permission (`scope`; `params.scopes` names those that are missing).
   */
  problems: z.array(FieldProblem),
});
export type Preview = z.infer<typeof Preview>;

/** What to try: a form as filled in so far. Of an integration, which, and on which version of its form. */
export const PreviewRequest = z.object({
  integration: z.string().optional(),
  version: z.number().int().optional(),
  accounts: z.record(z.string(), z.string()).default({}),
  values: z.record(z.string(), z.unknown()).default({}),
});
export type PreviewRequest = z.infer<typeof PreviewRequest>;
