/** A script that gives a world a fixed time and seeded chance; its value holds the world's own JSON functions, out of user code's reach. */
export function prelude(now: number, seed: number): string {
  return `(() => {
    const Real = Date, parse = JSON.parse, stringify = JSON.stringify;
    const Fixed = function Date(...args) {
      if (!new.target) return new Real(${now}).toString();
      return Reflect.construct(Real, args.length ? args : [${now}], new.target);
    };
    Fixed.prototype = Real.prototype;
    Fixed.now = () => ${now};
    Fixed.parse = Real.parse;
    Fixed.UTC = Real.UTC;
    Object.defineProperty(Real.prototype, "constructor", { value: Fixed, writable: true, configurable: true });
    globalThis.Date = Fixed;
    let state = ${seed};
    Math.random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return { parse: (text) => parse(text), write: (value) => stringify(value) };
  })()`;
}
