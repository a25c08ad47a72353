/** Below this mean cosine of unrelated texts a model has spread its vectors well: nothing is taken away. */
const SPREAD_WELL = 0.1;

/**
 * What all vectors of a model have in common: the mean of those of unrelated texts. Many encoders give any two texts a
 * cosine of 0.7 and more, so that what tells texts apart is a small rest; with the common part taken away unrelated
 * texts lie about 0 again, as a score expects whose weights are absolute. Zeros where there is nothing to take away.
 * @see Mu, Viswanath: All-but-the-Top, ICLR 2018 (its first step, the mean).
 * @throws {RangeError} when there are fewer than two vectors.
 */
export function commonPartOf(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const [first] = vectors;
  const count = vectors.length;
  if (first === undefined || count < 2) throw new RangeError('a mean cosine needs two vectors');
  const sum = new Float64Array(first.length);
  for (const vector of vectors) for (const [index, value] of vector.entries()) sum[index]! += value;
  // Of unit vectors ‖Σv‖² is their number plus the cosine of every ordered pair.
  const squares = sum.reduce((total, value) => total + value * value, 0);
  const meanCosine = (squares - count) / (count * (count - 1));
  if (meanCosine < SPREAD_WELL) return new Float32Array(first.length);
  return Float32Array.from(sum, (value) => value / count);
}

/** A vector without the common part, at length 1 again; a vector of zeros stays one. */
export function withoutCommonPart(vector: Float32Array, commonPart: Float32Array): Float32Array<ArrayBuffer> {
  const rest = new Float32Array(vector.length);
  if (vector.every((value) => value === 0)) return rest;
  let squares = 0;
  for (const [index, value] of vector.entries()) {
    const left = value - commonPart[index]!;
    rest[index] = left;
    squares += left * left;
  }
  const length = Math.sqrt(squares);
  if (length > 0) for (let index = 0; index < rest.length; index++) rest[index]! /= length;
  return rest;
}
