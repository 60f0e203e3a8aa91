import { drizzle } from "drizzle-orm/d1";
import type { Env } from "../env.ts";
import * as schema from "./schema.ts";

/** The catalogue in D1. Cheap: makes no connection and reads nothing. */
export const catalogue = (env: Pick<Env, "DB">) => drizzle(env.DB, { schema });
export type Catalogue = ReturnType<typeof catalogue>;
