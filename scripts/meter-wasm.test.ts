import { expect, test } from "vitest";
import { FUEL, meterWasm } from "./meter-wasm.ts";

const sized = (bytes: readonly number[]) => [bytes.length, ...bytes];
const name = (text: string) => sized([...new TextEncoder().encode(text)]);
/** A loop of as many turns as the argument says. */
const SPIN = [0, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x0b];
/** memory.fill of as many bytes as the argument says. */
const FILL = [0, 0x41, 0, 0x41, 0, 0x20, 0, 0xfc, 11, 0, 0x0b];

/** A module that exports `spin` and `fill`, and has a page of memory. */
const moduleOf = (spin: readonly number[]) =>
  new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized([1, 0x60, 1, 0x7f, 0])],
    ...[3, ...sized([2, 0, 0])],
    ...[5, ...sized([1, 0, 1])],
    ...[7, ...sized([2, ...name("spin"), 0, 0, ...name("fill"), 0, 1])],
    ...[10, ...sized([2, ...sized(spin), ...sized(FILL)])],
  ]);

/** A module without globals gets the section for one. */
async function metered(fuel: number) {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(meterWasm(moduleOf(SPIN))));
  const { spin, fill, [FUEL]: gauge } = instance.exports as Record<string, unknown> & { fuel: WebAssembly.Global<"i32"> };
  gauge.value = fuel;
  return { gauge, spin: spin as (n: number) => void, fill: fill as (n: number) => void };
}

test("a turn of a loop and a call cost one unit each", async () => {
  const { gauge, spin } = await metered(100);
  spin(20);
  expect(gauge.value).toBe(100 - 1 - 20);
});

test("out of fuel the module traps, and goes on trapping until it gets more", async () => {
  const { gauge, spin } = await metered(100);
  expect(() => spin(1_000_000)).toThrow(WebAssembly.RuntimeError);
  expect(gauge.value).toBe(0);
  expect(() => spin(1)).toThrow(WebAssembly.RuntimeError);
  gauge.value = 10;
  expect(() => spin(1)).not.toThrow();
});

test("what is filled at a stroke is paid for by its size", async () => {
  const { gauge, fill } = await metered(100);
  fill(160);
  expect(gauge.value).toBe(100 - 1 - 10);
  expect(() => fill(65_536)).toThrow(WebAssembly.RuntimeError);
});

test("instructions that it does not know are refused", () => {
  expect(() => meterWasm(moduleOf([0, 0xfd, 12, 0x0b]))).toThrow("unknown instruction 0xfd");
  expect(() => meterWasm(moduleOf([0, 0x06, 0x40, 0x0b, 0x0b]))).toThrow("unknown instruction 0x6");
});
