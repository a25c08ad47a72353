/** A sparse matrix by rows: the values of row `i` are at `starts[i]` to `starts[i + 1]`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Uint32Array;
  readonly indexes: Uint32Array;
  readonly values: Float64Array;
}

const EXTRA = 32;
const ITERATIONS = 8;
const SWEEPS = 30;

/**
 * The largest singular values and right singular vectors (columns of a `columns` × `rank` matrix by rows), by
 * randomised subspace iteration with a fixed start, so that equal input gives equal output.
 * @see Halko, Martinsson, Tropp: Finding Structure with Randomness, SIAM Review 53 (2011), algorithm 4.4.
 */
export function truncatedSvd(
  matrix: SparseMatrix,
  rank: number,
): { singular: Float64Array; right: Float64Array } {
  const width = Math.min(rank + EXTRA, matrix.rows, matrix.columns);
  let basis = randomBasis(matrix.columns, width);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    basis = orthonormal(
      multiplyTransposed(matrix, multiply(matrix, basis, width), width),
      matrix.columns,
      width,
    );
  }
  const image = multiply(matrix, basis, width);
  const { values, vectors } = symmetricEigen(gram(image, matrix.rows, width), width);
  const right = new Float64Array(matrix.columns * rank);
  for (let row = 0; row < matrix.columns; row++) {
    for (let inner = 0; inner < width; inner++) {
      const value = basis[row * width + inner]!;
      for (let column = 0; column < rank; column++) {
        right[row * rank + column]! += value * vectors[inner * width + column]!;
      }
    }
  }
  return { singular: values.slice(0, rank).map((value) => Math.sqrt(Math.max(0, value))), right };
}

/** Park and Miller's generator: what the start is matters little, that it stays the same matters. */
function randomBasis(rows: number, width: number): Float64Array {
  let state = 20_261_120;
  return Float64Array.from({ length: rows * width }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
}

function multiply(matrix: SparseMatrix, dense: Float64Array, width: number): Float64Array {
  const product = new Float64Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) {
      const value = matrix.values[at]!;
      const from = matrix.indexes[at]! * width;
      const to = row * width;
      for (let column = 0; column < width; column++) product[to + column]! += value * dense[from + column]!;
    }
  }
  return product;
}

function multiplyTransposed(matrix: SparseMatrix, dense: Float64Array, width: number): Float64Array {
  const product = new Float64Array(matrix.columns * width);
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) {
      const value = matrix.values[at]!;
      const from = row * width;
      const to = matrix.indexes[at]! * width;
      for (let column = 0; column < width; column++) product[to + column]! += value * dense[from + column]!;
    }
  }
  return product;
}

/** `denseᵀ · dense`. */
function gram(dense: Float64Array, rows: number, width: number): Float64Array {
  const product = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    const offset = row * width;
    for (let a = 0; a < width; a++) {
      const value = dense[offset + a]!;
      for (let b = a; b < width; b++) product[a * width + b]! += value * dense[offset + b]!;
    }
  }
  for (let a = 0; a < width; a++)
    for (let b = 0; b < a; b++) product[a * width + b] = product[b * width + a]!;
  return product;
}

/** Columns made orthonormal by Cholesky QR, twice, which is as good as Householder's here and much shorter. */
function orthonormal(dense: Float64Array, rows: number, width: number): Float64Array {
  let current = dense;
  for (let pass = 0; pass < 2; pass++) {
    const factor = cholesky(gram(current, rows, width), width);
    const next = new Float64Array(current.length);
    for (let row = 0; row < rows; row++) {
      const offset = row * width;
      solveRow(current.subarray(offset, offset + width), next.subarray(offset, offset + width), factor);
    }
    current = next;
  }
  return current;
}

/** Solves x · Lᵀ = `row` for x, L a lower triangle. */
function solveRow(row: Float64Array, solution: Float64Array, lower: Float64Array): void {
  const width = row.length;
  for (let column = 0; column < width; column++) {
    let sum = row[column]!;
    for (let inner = 0; inner < column; inner++) sum -= solution[inner]! * lower[column * width + inner]!;
    solution[column] = sum / lower[column * width + column]!;
  }
}

/** Lower triangle L with L · Lᵀ = `symmetric`; a tiny ridge keeps it defined. */
function cholesky(symmetric: Float64Array, width: number): Float64Array {
  const lower = new Float64Array(width * width);
  let trace = 0;
  for (let index = 0; index < width; index++) trace += symmetric[index * width + index]!;
  const ridge = (trace / width) * 1e-13;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = symmetric[row * width + column]! + (row === column ? ridge : 0);
      for (let inner = 0; inner < column; inner++)
        sum -= lower[row * width + inner]! * lower[column * width + inner]!;
      lower[row * width + column] =
        row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / lower[column * width + column]!;
    }
  }
  return lower;
}

/** Eigenvalues, largest first, and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations. */
function symmetricEigen(
  symmetric: Float64Array,
  width: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = symmetric.slice();
  const vectors = new Float64Array(width * width);
  for (let index = 0; index < width; index++) vectors[index * width + index] = 1;
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, width) > 1e-12; sweep++) {
    for (let p = 0; p < width; p++) for (let q = p + 1; q < width; q++) rotate(a, vectors, width, [p, q]);
  }
  const order = Array.from({ length: width }, (_, index) => index).toSorted(
    (left, right) => a[right * width + right]! - a[left * width + left]!,
  );
  const sorted = new Float64Array(width * width);
  for (const [to, from] of order.entries()) {
    for (let row = 0; row < width; row++) sorted[row * width + to] = vectors[row * width + from]!;
  }
  return { values: Float64Array.from(order, (index) => a[index * width + index]!), vectors: sorted };
}

/** How far from diagonal: the off-diagonal's share of the squares. */
function offDiagonal(a: Float64Array, width: number): number {
  let off = 0;
  let all = 0;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      const square = a[row * width + column]! ** 2;
      all += square;
      if (row !== column) off += square;
    }
  }
  return all === 0 ? 0 : off / all;
}

function rotate(
  a: Float64Array,
  vectors: Float64Array,
  width: number,
  [p, q]: readonly [number, number],
): void {
  const apq = a[p * width + q]!;
  if (apq === 0) return;
  const theta = (a[q * width + q]! - a[p * width + p]!) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(t, 1);
  const sine = t * cosine;
  for (let index = 0; index < width; index++) {
    const x = a[index * width + p]!;
    const y = a[index * width + q]!;
    a[index * width + p] = cosine * x - sine * y;
    a[index * width + q] = sine * x + cosine * y;
  }
  for (let index = 0; index < width; index++) {
    const x = a[p * width + index]!;
    const y = a[q * width + index]!;
    a[p * width + index] = cosine * x - sine * y;
    a[q * width + index] = sine * x + cosine * y;
    const u = vectors[index * width + p]!;
    const v = vectors[index * width + q]!;
    vectors[index * width + p] = cosine * u - sine * v;
    vectors[index * width + q] = sine * u + cosine * v;
  }
}
