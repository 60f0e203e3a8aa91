import { z } from "zod";

/** A page of a list. `nextCursor` is opaque, null on the last page. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export interface List<T> {
  items: T[];
  nextCursor: string | null;
}
