// Puts a fuel gauge into a WebAssembly module: every turn of a loop and every call of a function costs one unit, every 16 bytes copied or
// filled at a stroke another. Out of fuel, the module traps, wherever it is: a host's clock and its goodwill are not needed for that.
// https://webassembly.github.io/spec/core/binary/

/** The exported global (i32, mutable) that holds what is left. */
export const FUEL = "fuel";

const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
const I32 = 0x7f;

/** The module with a gauge. Throws where it holds instructions that this does not know: exceptions, vectors, threads. */
export function meterWasm(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = readSections(wasm);
  const body = (id: number) => new Reader(sections.find((section) => section.id === id)?.body ?? new Uint8Array([0]));
  const imported = countImports(body(SECTION.import));
  const types = body(SECTION.type).u32();
  const globals = imported.globals + body(SECTION.global).u32();
  const firstHelper = imported.functions + body(SECTION.function).u32();
  const gauge: Gauge = { fuel: globals, copy: firstHelper, fill: firstHelper + 1 };
  const out: number[] = [...wasm.subarray(0, 8)];
  if (!sections.some(({ id }) => id === SECTION.global))
    sections.splice(placeOf(sections, SECTION.global), 0, { id: SECTION.global, body: new Uint8Array([0]) });
  for (const { id, body: old } of sections) {
    const added = ADDED[id]?.(gauge, types);
    const changed = id === SECTION.code ? meterCode(old, gauge) : added ? append(old, added) : old;
    out.push(id, ...u32(changed.length));
    for (const byte of changed) out.push(byte);
  }
  return new Uint8Array(out);
}

/** Where section `id` belongs: sections stand in the order of their ids, custom ones (0) anywhere. */
function placeOf(sections: readonly { id: number }[], id: number): number {
  const after = sections.findIndex((section) => section.id > id);
  return after < 0 ? sections.length : after;
}

interface Gauge {
  /** Index of the global. */
  fuel: number;
  /** Indices of the functions that stand in for `memory.copy` and `memory.fill`. */
  copy: number;
  fill: number;
}

/** What each section gets at its end. */
const ADDED: Record<number, (gauge: Gauge, types: number) => number[][]> = {
  [SECTION.type]: () => [[0x60, 3, I32, I32, I32, 0]],
  [SECTION.function]: (_, types) => [u32(types), u32(types)],
  [SECTION.global]: () => [[I32, 1, 0x41, 0x7f, 0x0b]],
  [SECTION.export]: ({ fuel }) => [[FUEL.length, ...new TextEncoder().encode(FUEL), 3, ...u32(fuel)]],
};

/** fuel -= 1; traps where nothing is left. */
const burnOne = ({ fuel }: Gauge) => {
  const get = [0x23, ...u32(fuel)];
  return [...get, 0x45, 0x04, 0x40, 0x00, 0x0b, ...get, 0x41, 1, 0x6b, 0x24, ...u32(fuel)];
};

/** A function of (to, from or value, count) that pays for `count` bytes, then does `instruction`. */
function helper({ fuel }: Gauge, instruction: readonly number[]): number[] {
  const price = [0x20, 2, 0x41, 4, 0x76];
  const get = [0x23, ...u32(fuel)];
  const pay = [...price, ...get, 0x4b, 0x04, 0x40, 0x41, 0, 0x24, ...u32(fuel), 0x00, 0x0b, ...get, ...price, 0x6b, 0x24, ...u32(fuel)];
  const code = [0, ...pay, 0x20, 0, 0x20, 1, 0x20, 2, ...instruction, 0x0b];
  return [...u32(code.length), ...code];
}

function meterCode(old: Uint8Array, gauge: Gauge): Uint8Array {
  const reader = new Reader(old);
  const count = reader.u32();
  const out: number[] = u32(count + 2);
  for (let i = 0; i < count; i++) {
    const size = reader.u32();
    const code = meterFunction(reader.bytes(size), gauge);
    out.push(...u32(code.length));
    for (const byte of code) out.push(byte);
  }
  out.push(...helper(gauge, [0xfc, 10, 0, 0]), ...helper(gauge, [0xfc, 11, 0]));
  return new Uint8Array(out);
}

function meterFunction(code: Uint8Array, gauge: Gauge): number[] {
  const reader = new Reader(code);
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32();
    reader.byte();
  }
  const out: number[] = [...code.subarray(0, reader.at), ...burnOne(gauge)];
  while (!reader.isAtEnd) {
    const start = reader.at;
    const what = skipInstruction(reader);
    if (what === "copy" || what === "fill") {
      out.push(0x10, ...u32(gauge[what]));
      continue;
    }
    for (let at = start; at < reader.at; at++) out.push(code[at] ?? 0);
    if (what === "loop") out.push(...burnOne(gauge));
  }
  return out;
}

/** Passes one instruction with its immediates. */
function skipInstruction(reader: Reader): "loop" | "copy" | "fill" | undefined {
  const code = reader.byte();
  if (code === 0x02 || code === 0x03 || code === 0x04) {
    reader.leb();
    return code === 0x03 ? "loop" : undefined;
  }
  if (code === 0x0e) for (let left = reader.u32() + 1; left > 0; left--) reader.u32();
  else if (code === 0x11 || code === 0x13) reader.leb(2);
  else if (code === 0x1c) reader.bytes(reader.u32());
  else if (code === 0x43) reader.bytes(4);
  else if (code === 0x44) reader.bytes(8);
  else if (code >= 0x28 && code <= 0x3e) reader.leb(2);
  else if (code === 0xfc) return skipLong(reader);
  else if (WITH_ONE.has(code) || (code >= 0x20 && code <= 0x26)) reader.leb();
  else if (!PLAIN(code)) throw new Error(`unknown instruction 0x${code.toString(16)}`);
  return undefined;
}

const WITH_ONE = new Set([0x0c, 0x0d, 0x10, 0x12, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2]);
const PLAIN = (code: number) => [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(code) || (code >= 0x45 && code <= 0xc4);

function skipLong(reader: Reader): "copy" | "fill" | undefined {
  const code = reader.u32();
  const operands = code < 8 ? 0 : [2, 1, 2, 1, 2, 1, 2, 1, 1, 1][code - 8];
  if (operands === undefined) throw new Error(`unknown instruction 0xfc ${code}`);
  reader.leb(operands);
  return code === 10 ? "copy" : code === 11 ? "fill" : undefined;
}

function readSections(wasm: Uint8Array): { id: number; body: Uint8Array }[] {
  const reader = new Reader(wasm, 8);
  const sections: { id: number; body: Uint8Array }[] = [];
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), body: reader.bytes(reader.u32()) });
  return sections;
}

function countImports(reader: Reader): { functions: number; globals: number } {
  const found = { functions: 0, globals: 0 };
  for (let left = reader.u32(); left > 0; left--) {
    reader.bytes(reader.u32());
    reader.bytes(reader.u32());
    const kind = reader.byte();
    if (kind === 0) found.functions++;
    if (kind === 3) found.globals++;
    if (kind === 0) reader.u32();
    else if (kind === 3) reader.bytes(2);
    else {
      if (kind === 1) reader.byte();
      const hasMaximum = reader.byte() & 1;
      reader.leb(hasMaximum ? 2 : 1);
    }
  }
  return found;
}

/** A section that is a list, with more at its end. */
function append(old: Uint8Array, added: readonly number[][]): Uint8Array {
  const reader = new Reader(old);
  const count = reader.u32();
  return new Uint8Array([...u32(count + added.length), ...old.subarray(reader.at), ...added.flat()]);
}

/** LEB128 */
function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest);
  return bytes;
}

class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new Error("the module ends too soon");
    return byte;
  }

  bytes(count: number): Uint8Array {
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Passes `count` LEB128 numbers of any width. */
  leb(count = 1): void {
    for (let left = count; left > 0; left--) while (this.byte() >= 0x80);
  }
}
