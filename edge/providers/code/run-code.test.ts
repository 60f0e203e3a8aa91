import { describe, expect, test } from "vitest";
import { loadQuickJs } from "./quickjs.ts";
import { runCode } from "./run-code.ts";

const options = { now: Date.UTC(2026, 0, 2, 3, 4, 5), seed: "run_1:code" };
const run = (source: string, scope: Record<string, unknown> = {}) => runCode(source, scope, options);

describe("a code step", () => {
  test("calls the default export with the scope and gives back what it returns as JSON", async () => {
    const source = "export default ({ trigger, setup }) => ({ sum: trigger.a + setup.b, gone: undefined, at: new Date() })";
    expect(await run(source, { trigger: { a: 1 }, setup: { b: 2 } })).toEqual({
      ok: true,
      output: { sum: 3, at: "2026-01-02T03:04:05.000Z" },
      logs: [],
    });
  });

  test("awaits a promise, and says so where it never settles", async () => {
    expect(await run("export default async () => { await null; return [1] }")).toMatchObject({ ok: true, output: [1] });
    expect(await run("export default () => new Promise(() => {})")).toMatchObject({ ok: false, error: { code: "code_never_settled" } });
    expect(await run("await new Promise(() => {}); export default () => 1")).toMatchObject({
      ok: false,
      error: { code: "code_never_settled" },
    });
  });

  test("has the same time and chance in every run of the same step", async () => {
    const source = "export default () => [Math.random(), Math.random(), Date.now(), new Date(0).toISOString(), new Date() instanceof Date]";
    const first = await run(source);
    expect(await run(source)).toEqual(first);
    expect(await runCode(source, {}, { ...options, seed: "run_2:code" })).not.toEqual(first);
    expect(first).toMatchObject({
      ok: true,
      output: [expect.any(Number), expect.any(Number), options.now, "1970-01-01T00:00:00.000Z", true],
    });
  });

  test.each([
    ["a loop without an end", "export default () => { while (true) {} }", "code_timeout"],
    ["a loop without an end in a promise", "export default async () => { await null; for (;;) {} }", "code_timeout"],
    ["a loop without an end at load", "for (;;) {} export default () => 1", "code_timeout"],
    ["memory without an end", "export default () => { const a = []; while (true) a.push({}) }", "code_memory"],
    ["buffers without an end", "export default () => { const a = []; while (true) a.push(new Uint8Array(1e6)) }", "code_memory"],
    ["small buffers without an end", "export default () => { const a = []; while (true) a.push(new Uint8Array(1e3)) }", "code_memory"],
    ["lists without an end", "export default () => { const a = []; while (true) a.push(new Array(1e3).fill(1)) }", "code_memory"],
    ["texts without an end", "export default () => { const a = []; while (true) a.push('y'.repeat(1e5) + a.length) }", "code_memory"],
    ["keys without an end", "export default () => { const m = new Map(); for (let i = 0; ; i++) m.set('k' + i, [i]) }", "code_memory"],
    ["recursion without an end", "export default function f() { return f() + 1 }", "code_depth"],
    ["a nesting too deep for the machine", "export default () => eval('('.repeat(1e5))", "code_depth"],
    ["an array of a billion", "export default () => Array(1e9).fill(1).length", "code_memory"],
    ["a text of a billion letters", "export default () => 'x'.repeat(1e9).length", "code_memory"],
    ["fifty megabytes of JSON", "export default () => JSON.parse('[' + '1,'.repeat(5e6) + '1]').length", "code_memory"],
    ["ten million things to sort", "export default () => Array.from({ length: 1e7 }, (_, i) => 1e7 - i).sort()[0]", "code_memory"],
    ["too much output", "export default () => 'x'.repeat(2e6)", "output_too_large"],
    ["no export", "const a = 1", "code_no_export"],
    ["a number that JSON does not know", "export default () => 1n", "code_error"],
    ["a circle", "export default () => { const a = {}; a.a = a; return a }", "code_error"],
  ])("ends with an error at %s", async (_, source, code) => {
    const result = await run(source);
    expect(result).toMatchObject({ ok: false, error: { code, retryable: false } });
    expect(await run("export default () => 1")).toMatchObject({ ok: true, output: 1 });
  });

  test.each([
    ["a pattern that goes back for ever", "/^(a+)+$/.test('a'.repeat(60) + 'b')"],
    ["a pattern that counts for ever", "/^(a|aa)*b/.test('a'.repeat(1e4))"],
    ["a search in an object that says it is endless", "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 5)"],
    ["a join of a billion nothings", "Array(1e9).join('x').length"],
    ["sorting without an end", "(() => { const a = Array.from({ length: 1e5 }, (_, i) => Math.sin(i)); for (;;) [...a].sort() })()"],
    ["needles in haystacks", "('a'.repeat(2e6) + 'b').indexOf('a'.repeat(1e6) + 'c')"],
    ["copies of copies", "(() => { const a = new Uint8Array(1.2e7); for (;;) a.copyWithin(0, 1) })()"],
    ["writing the same again and again", "(() => { const a = Array(1e5).fill('x'); for (;;) JSON.stringify(a) })()"],
    ["a number of ten million digits", "(3n ** (10n ** 6n)).toString().length + (() => { for (;;) (7n ** 30000n).toString() })()"],
    ["normalising without an end", "(() => { const s = 'å'.repeat(1e5); for (;;) s.normalize('NFD') })()"],
    ["an accessor of the error itself", "(() => { throw { get message() { for (;;); } } })()"],
  ])("breaks off inside one call of a native function: %s", async (_, expression) => {
    expect(await run(`export default () => ${expression}`)).toMatchObject({ ok: false, error: { code: "code_timeout", retryable: false } });
    expect(await run("export default () => 1")).toMatchObject({ ok: true, output: 1 });
  });

  test("has 14 MB where it needs them, and again after a step that wanted more", async () => {
    const hold = (megabytes: number) =>
      run(`export default () => { const a = []; for (let i = 0; i < ${megabytes}; i++) a.push(new Uint8Array(1e6)); return a.length }`);
    for (const megabytes of [14, 40, 14, 200, 14]) {
      const result = await hold(megabytes);
      expect(result, `${megabytes} MB`).toMatchObject(
        megabytes > 16 ? { error: { code: "code_memory" } } : { ok: true, output: megabytes },
      );
    }
  });

  test("X07 leaves the interpreter to the next, unless it was broken off in the middle, or has grown", async () => {
    await run("export default () => 1");
    const interpreter = await loadQuickJs();
    for (const source of ["export default () => 1", "export default () => { throw 1 }", "export default () => { for (;;) {} }"])
      await run(source);
    // Compared here: what fails is printed, and this is large.
    expect((await loadQuickJs()) === interpreter).toBe(true);
    for (const source of [
      // Native functions have no other end than a trap.
      "export default () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 5)",
      "export default () => eval('('.repeat(1e5))",
      "export default () => 'x'.repeat(1.4e7).length",
    ]) {
      const before = await loadQuickJs();
      await run(source);
      expect((await loadQuickJs()) === before, source).toBe(false);
    }
    expect(await run("export default () => 1")).toMatchObject({ ok: true, output: 1 });
  });

  test.each(["x", "é", "漢"])("is not given more than fits: 1 to 30 million letters “%s”", async (letter) => {
    for (const count of [1e6, 4e6, 7e6, 8e6, 1e7, 3e7]) {
      const result = await run("export default ({ text }) => text.length", { text: letter.repeat(count) });
      expect(result, String(count)).toMatchObject(result.ok ? { output: count } : { error: { code: "code_memory" } });
      expect(result.ok || count > 1e6).toBe(true);
    }
  });

  test("says in which line it went wrong", async () => {
    expect(await run("export default () => {\n  const a = undefined;\n  return a.b;\n}")).toMatchObject({
      ok: false,
      error: { code: "code_error", message: expect.stringContaining("(line 3)"), position: expect.any(Number) },
    });
    expect(await run("export default () => {\n  const 1a;\n}")).toMatchObject({
      ok: false,
      error: { code: "code_syntax", message: expect.stringContaining("(line 2)") },
    });
    expect(await run("export default () => { throw 'words' }")).toMatchObject({ ok: false, error: { message: "words" } });
  });

  test("reaches nothing outside itself", async () => {
    const names = ["fetch", "process", "require", "XMLHttpRequest", "WebSocket", "setTimeout", "caches", "navigator", "crypto"];
    const result = await run(`export default () => ${JSON.stringify(names)}.filter((name) => name in globalThis)`);
    expect(result).toMatchObject({ ok: true, output: [] });
    expect(await run("import fs from 'fs'; export default () => 1")).toMatchObject({ ok: false });
  });

  test("leaves nothing behind for the next", async () => {
    await run("Object.prototype.polluted = 1; Array.prototype.map = null; JSON.parse = null; globalThis.kept = 1; export default () => 1");
    expect(await run("export default () => [globalThis.kept ?? null, ({}).polluted ?? null, [1].map((x) => x)]")).toMatchObject({
      output: [null, null, [1]],
    });
  });

  test("keeps what it prints, up to a hundred lines", async () => {
    expect(await run("export default () => { console.log('a', { b: 1 }); console.error(2) }")).toEqual({
      ok: true,
      output: undefined,
      logs: ['a {"b":1}', "2"],
    });
    const odd = "const a = {}; a.a = a; console.log(a); console.log(1n, { b: 2n }); console.log(Symbol('s'), () => 1, undefined)";
    expect(await run(`export default () => { ${odd}; return 1 }`)).toMatchObject({
      ...{ ok: true, output: 1 },
      logs: ["[object Object]", "1n [object Object]", "Symbol(s) () => 1 undefined"],
    });
    const { logs } = await run("export default () => { for (let i = 0; i < 500; i++) console.log(i) }");
    expect(logs).toHaveLength(101);
  });
});
