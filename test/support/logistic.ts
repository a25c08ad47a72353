const ITERATIONS = 30;
const UNPENALIZED = 1e-6;

/**
 * Logistic regression with a ridge on all weights but the last, the bias, by Newton's steps. Rows end with a 1.
 * @returns the weights, the bias last.
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  ridge = 1,
): number[] {
  const width = rows[0]!.length;
  const weights = Array.from({ length: width }, () => 0);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gradient = weights.map((weight, index) => -(index === width - 1 ? UNPENALIZED : ridge) * weight);
    const hessian = weights.map((_, row) =>
      weights.map((__, column) => (row !== column ? 0 : row === width - 1 ? UNPENALIZED : ridge)),
    );
    for (const [index, row] of rows.entries()) {
      const probability = 1 / (1 + Math.exp(-predict(weights, row)));
      const spread = probability * (1 - probability);
      addOutcome({ gradient, hessian }, row, { error: labels[index]! - probability, spread });
    }
    for (const [index, step] of solve(hessian, gradient).entries()) weights[index]! += step;
  }
  return weights;
}

function addOutcome(
  { gradient, hessian }: { gradient: number[]; hessian: number[][] },
  row: readonly number[],
  { error, spread }: { readonly error: number; readonly spread: number },
): void {
  for (const [a, value] of row.entries()) {
    gradient[a]! += error * value;
    for (const [b, other] of row.entries()) hessian[a]![b]! += spread * value * other;
  }
}

/** The log-odds of a row. */
export function predict(weights: readonly number[], row: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * row[index]!, 0);
}

/** Gaussian elimination of a symmetric positive definite system. */
function solve(matrix: number[][], right: number[]): number[] {
  const width = right.length;
  for (let a = 0; a < width; a++) {
    for (let b = a + 1; b < width; b++) {
      const factor = matrix[b]![a]! / matrix[a]![a]!;
      for (let c = a; c < width; c++) matrix[b]![c]! -= factor * matrix[a]![c]!;
      right[b]! -= factor * right[a]!;
    }
  }
  for (let a = width - 1; a >= 0; a--) {
    for (let b = a + 1; b < width; b++) right[a]! -= matrix[a]![b]! * right[b]!;
    right[a]! /= matrix[a]![a]!;
  }
  return right;
}
