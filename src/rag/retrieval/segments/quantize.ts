/** The int8 form of a vector: value ≈ int8 × scale. */
export interface QuantizedRow {
  readonly scale: number;
  /** 64 × the sum of the int8 values: what the kernel's shift of the query adds and takes away again. */
  readonly sum: number;
  /** Length of what rounding lost, ‖v − v̂‖: bounds the error of every score of this row. */
  readonly error: number;
}

const INT8_MAX = 127;
const INT7_MAX = 63;
/** Added to the query's values, so that they lie in 0..127. */
export const SHIFT = 64;

/**
 * Rounds `vector` to int8 into `target`, symmetric about zero, one scale for the row. A vector of zeros (a chunk
 * that has none) scores 0 with every query.
 */
export function quantizeRow(vector: Float32Array, target: Int8Array): QuantizedRow {
  const scale = Math.fround(largest(vector) / INT8_MAX);
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < vector.length; index++) {
    const value = vector[index]!;
    const rounded = scale === 0 ? 0 : Math.round(value / scale);
    target[index] = rounded;
    sum += rounded;
    squares += (value - rounded * scale) ** 2;
  }
  return { scale, sum: sum * SHIFT, error: Math.sqrt(squares) };
}

/** The query's form for the kernel: values 0..127 in `target`, the rest filled with the shift (that is, zero). */
export function quantizeQuery(vector: Float32Array, target: Uint8Array): { scale: number; error: number } {
  const scale = Math.fround(largest(vector) / INT7_MAX);
  let squares = 0;
  target.fill(SHIFT);
  for (let index = 0; index < vector.length; index++) {
    const value = vector[index]!;
    const rounded = scale === 0 ? 0 : Math.round(value / scale);
    target[index] = rounded + SHIFT;
    squares += (value - rounded * scale) ** 2;
  }
  return { scale, error: Math.sqrt(squares) };
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (let index = 0; index < vector.length; index++) most = Math.max(most, Math.abs(vector[index]!));
  return most;
}
