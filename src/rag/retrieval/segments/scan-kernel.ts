import { encodeModule, I32, op, V128, type WasmFunction } from './wasm-encoder.ts';

// The innermost loop of vector search: for each row of a run, scale × Σ (query − 64) × row over int8 values.
//
// The query is shifted into 0..127 because `i32x4.relaxed_dot_i8x16_i7x16_add_s` is exact only there; it is one
// VPDPBUSD on x86 and one SDOT on ARM. Σ 64 × row is subtracted again out of `sums`, which hold it per row. So the
// result is an exact integer times one scale, equal on every machine. One row at a time, unrolled: blocks of 2, 4
// and 8 rows were slower (1.07, 1.03, 1.60, 2.76 ms for 100,000 × 384), because rows then share cache sets.

/** Vectors are padded with zeros to a multiple of this, so that the kernel has no tail. */
export const LANES = 16;

/** Where a scan finds its parts, as byte offsets, and the rows it scores: `from` included, `to` excluded. */
// Parameters of a WebAssembly function are numbers; there is no object to put them in.
// oxlint-disable-next-line max-params
type ScanFunction = (
  vectors: number,
  scales: number,
  sums: number,
  query: number,
  out: number,
  from: number,
  to: number,
) => void;

const [VECTORS, SCALES, SUMS, QUERY, OUT, FROM, TO] = [0, 1, 2, 3, 4, 5, 6];
const POINTER = 7;
const END = 8;
const SUM = 9;

const advance = (local: number, bytes: number): readonly number[] => [
  ...op.get(local),
  ...op.i32Const(bytes),
  ...op.i32Add,
  ...op.set(local),
];

/** local `target` = `base` + `row` × `bytes` */
const locate = (target: number, base: number, row: number, bytes: number): readonly number[] => [
  ...op.get(base),
  ...op.get(row),
  ...op.i32Const(bytes),
  ...op.i32Mul,
  ...op.i32Add,
  ...op.set(target),
];

/** Adds the 16 products at `offset` to the row's four sums. */
const step = (offset: number): readonly number[] => [
  ...op.get(POINTER),
  ...op.v128Load(offset),
  ...op.get(QUERY),
  ...op.v128Load(offset),
  ...op.get(SUM),
  ...op.i32x4DotI8x16I7x16Add,
  ...op.set(SUM),
];

const total: readonly number[] = [
  ...[0, 1, 2, 3].flatMap((lane) => [...op.get(SUM), ...op.i32x4Lane(lane)]),
  ...op.i32Add,
  ...op.i32Add,
  ...op.i32Add,
];

function scoreRow(stride: number): readonly number[] {
  return [
    ...op.v128Zero,
    ...op.set(SUM),
    ...Array.from({ length: stride / LANES }, (_, index) => step(index * LANES)).flat(),
    ...op.get(OUT),
    ...total,
    ...op.get(SUMS),
    ...op.i32Load(0),
    ...op.i32Sub,
    ...op.f32FromI32,
    ...op.get(SCALES),
    ...op.f32Load(0),
    ...op.f32Mul,
    ...op.f32Store(0),
  ];
}

function scanFunction(stride: number): WasmFunction {
  const isDone = [...op.get(POINTER), ...op.get(END), ...op.i32GreaterOrEqualUnsigned];
  const next = [...advance(POINTER, stride), ...advance(SCALES, 4), ...advance(SUMS, 4), ...advance(OUT, 4)];
  return {
    name: 'scan',
    parameters: [I32, I32, I32, I32, I32, I32, I32],
    locals: [I32, I32, V128],
    body: [
      ...locate(POINTER, VECTORS, FROM, stride),
      ...locate(END, VECTORS, TO, stride),
      ...locate(SCALES, SCALES, FROM, 4),
      ...locate(SUMS, SUMS, FROM, 4),
      ...op.block(op.loop([...isDone, ...op.branchIf(1), ...scoreRow(stride), ...next, ...op.branch(0)])),
    ],
  };
}

function isScan(value: unknown): value is ScanFunction {
  return typeof value === 'function';
}

/** Compiles the kernel for vectors of `stride` int8 values. @throws {RangeError} when `stride` is not whole lanes. */
export function compileKernel(stride: number): WebAssembly.Module {
  if (!(stride > 0) || stride % LANES !== 0)
    throw new RangeError(`stride must be whole lanes, got ${stride}`);
  return new WebAssembly.Module(encodeModule([scanFunction(stride)]));
}

/** Binds a compiled kernel to one segment's memory. */
export function bindKernel(kernel: WebAssembly.Module, memory: WebAssembly.Memory): ScanFunction {
  const { scan } = new WebAssembly.Instance(kernel, { host: { memory } }).exports;
  if (!isScan(scan)) throw new TypeError('the kernel exports no scan');
  return scan;
}
