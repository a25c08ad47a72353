// The part of the WebAssembly binary format that the scan kernel needs: enough to write one module with an
// imported shared memory and exported functions. See the WebAssembly 2.0 core specification, chapter 5, and the
// SIMD opcodes in its instruction index (relaxed SIMD: the proposal merged in WebAssembly 3.0).

type Bytes = readonly number[];

/** Unsigned LEB128. */
function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
function signed(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

const simd = (code: number): Bytes => [0xfd, ...unsigned(code)];
const at = (alignment: number, offset: number): Bytes => [alignment, ...unsigned(offset)];

/** Value types. */
export const I32 = 0x7f;
export const V128 = 0x7b;

/** Instructions, by their names in the specification. Offsets are in bytes; locals by index. */
export const op = {
  get: (local: number): Bytes => [0x20, ...unsigned(local)],
  set: (local: number): Bytes => [0x21, ...unsigned(local)],
  i32Const: (value: number): Bytes => [0x41, ...signed(value)],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32Mul: [0x6c],
  i32Shl: [0x74],
  i32GreaterOrEqualUnsigned: [0x4f],
  i32Load: (offset: number): Bytes => [0x28, ...at(2, offset)],
  f32Load: (offset: number): Bytes => [0x2a, ...at(2, offset)],
  f32Store: (offset: number): Bytes => [0x38, ...at(2, offset)],
  f32Mul: [0x94],
  f32FromI32: [0xb2],
  v128Load: (offset: number): Bytes => [...simd(0x00), ...at(4, offset)],
  v128Store: (offset: number): Bytes => [...simd(0x0b), ...at(4, offset)],
  v128Xor: simd(0x51),
  v128Zero: [...simd(0x0c), ...Array.from({ length: 16 }, () => 0)],
  i32x4Lane: (lane: number): Bytes => [...simd(0x1b), lane],
  /** Relaxed SIMD: exact on every machine when the second operand is within 0 to 127. */
  i32x4DotI8x16I7x16Add: simd(0x113),
  block: (body: Bytes): Bytes => [0x02, 0x40, ...body, 0x0b],
  loop: (body: Bytes): Bytes => [0x03, 0x40, ...body, 0x0b],
  branch: (depth: number): Bytes => [0x0c, ...unsigned(depth)],
  branchIf: (depth: number): Bytes => [0x0d, ...unsigned(depth)],
} as const;

/** A function: its parameters are the first locals, it returns nothing. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: Bytes;
  readonly locals: Bytes;
  readonly body: Bytes;
}

const vector = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Bytes): Bytes => [id, ...unsigned(content.length), ...content];
const text = (value: string): Bytes => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
};
const MAX_PAGES = 65_536;

/** A module that imports the shared memory `host.memory` (up to 4 GiB) and exports `functions` by name. */
export function encodeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...vector(parameters.map((type) => [type])), 0]);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x03, ...unsigned(1), ...unsigned(MAX_PAGES)];
  const codes = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, type])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  const sections = [
    section(1, vector(types)),
    section(2, vector([memory])),
    section(3, vector(functions.map((_, index) => unsigned(index)))),
    section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    section(10, vector(codes)),
  ];
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}
