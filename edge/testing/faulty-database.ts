// For tests: D1 as it is on a bad day. A call fails before it was applied, or after it was, as where the answer is lost on its way.

export type Fault = "before" | "after" | undefined;

/** What D1 and the objects beneath it say of faults that pass (developers.cloudflare.com/d1/observability/debug-d1). */
export const D1_FAULTS = [
  "D1 DB reset because its code was updated.",
  "Internal error while starting up D1 DB storage caused object to be reset.",
  "Internal error in D1 DB storage caused object to be reset.",
  "Network connection lost.",
  "Cannot resolve D1 DB due to transient issue on remote node.",
  "D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1 DB is overloaded. Requests queued for too long.",
  "D1 DB is overloaded. Too many requests queued.",
  "D1 DB's isolate exceeded its memory limit and was reset.",
  "D1 DB exceeded its CPU time limit and was reset.",
] as const;

/** `db`, whose call number `call` (from 0) fails with `message` as `faultOf` says. `count` is how many calls there were. */
export function faultyDatabase(db: D1Database, faultOf: (call: number) => Fault, message: string = D1_FAULTS[3]) {
  const counter = { calls: 0 };
  const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const fault = faultOf(counter.calls++);
    if (fault === "before") throw new Error(`D1_ERROR: ${message}`);
    const result = await work();
    if (fault === "after") throw new Error(`D1_ERROR: ${message}`);
    return result;
  };
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? (...values: unknown[]) => call(() => member.apply(target, values)) : member;
      },
    });
    real.set(wrapped, statement);
    return wrapped;
  };
  const database = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql));
      if (name === "batch")
        return (statements: D1PreparedStatement[]) => call(() => target.batch(statements.map((one) => real.get(one) ?? one)));
      return Reflect.get(target, name);
    },
  });
  return { database, counter };
}
