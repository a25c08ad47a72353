import { encodeModule, I32, op, V128 } from '#rag/retrieval/segments/wasm-encoder.ts';

const STEP_BYTES = 128;

/**
 * Reads `bytes` bytes of a memory from `address` on and does nothing with them but an exclusive or: how fast this
 * machine can read them at all with 128-bit loads. Returns milliseconds, the least of some runs.
 */
export function leastReadMs(memory: WebAssembly.Memory, address: number, bytes: number): number {
  const [FROM, TO, OUT, SUM] = [0, 1, 2, 3];
  const loads = Array.from({ length: STEP_BYTES / 16 }, (_, index) => [
    ...op.get(SUM),
    ...op.get(FROM),
    ...op.v128Load(index * 16),
    ...op.v128Xor,
    ...op.set(SUM),
  ]).flat();
  const next = [...op.get(FROM), ...op.i32Const(STEP_BYTES), ...op.i32Add, ...op.set(FROM)];
  const isDone = [...op.get(FROM), ...op.get(TO), ...op.i32GreaterOrEqualUnsigned];
  const body = [
    ...op.block(op.loop([...isDone, ...op.branchIf(1), ...loads, ...next, ...op.branch(0)])),
    ...op.get(OUT),
    ...op.get(SUM),
    ...op.v128Store(0),
  ];
  const bytesOfModule = encodeModule([{ name: 'read', parameters: [I32, I32, I32], locals: [V128], body }]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOfModule), { host: { memory } });
  const read = exports['read'] as (from: number, to: number, out: number) => void;
  const end = address + Math.floor(bytes / STEP_BYTES) * STEP_BYTES;
  return leastMs(() => read(address, end, 0));
}

/** Milliseconds of the fastest of some runs: what the work takes when nobody disturbs it. */
export function leastMs(work: () => void, runs = 15): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
    }),
  );
}

/** The same in time that processors spent on it, in this process: what a busy machine does not stretch as much. */
export function leastCpuMs(work: () => void, runs = 3): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}
