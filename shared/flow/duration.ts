import { z } from "zod";
import { DURATION } from "./parse-duration.ts";

/** Text that `parseDuration` understands. */
export const Duration = z.string().regex(DURATION, "write a duration such as 30s, 5m, 1h30m or 2d");
export type Duration = z.infer<typeof Duration>;
