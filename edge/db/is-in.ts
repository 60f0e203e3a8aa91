import { type AnyColumn, type SQL, sql } from "drizzle-orm";

/** Whether a column has one of `values`, of any number: they go as one parameter, and D1 takes 100 in a query. */
export const isIn = (column: AnyColumn, values: readonly (string | number)[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
