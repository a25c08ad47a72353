/** The least number of characters to insert, delete or change (Levenshtein 1966). */
export function editDistance(a: string, b: string): number {
  let previous = Uint32Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = new Uint32Array(b.length + 1);
    current[0] = row;
    for (let column = 1; column <= b.length; column++) {
      const change = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current[column] = Math.min(previous[column]! + 1, current[column - 1]! + 1, change);
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** The least distance of a text to any stretch of another one (Sellers 1980). */
function distanceWithin(line: string, text: string): number {
  let previous = new Uint32Array(text.length + 1);
  for (let row = 1; row <= line.length; row++) {
    const current = new Uint32Array(text.length + 1);
    current[0] = row;
    for (let column = 1; column <= text.length; column++) {
      const change = previous[column - 1]! + (line[row - 1] === text[column - 1] ? 0 : 1);
      current[column] = Math.min(previous[column]! + 1, current[column - 1]! + 1, change);
    }
    previous = current;
  }
  return Math.min(...previous);
}

/** Errors in the lines of a transcript wherever in the text each is found: reading apart from reading order. */
export function freeOrderErrors(lines: readonly string[], text: string): number {
  return lines.reduce((sum, line) => sum + Math.min(line.length, distanceWithin(line, text)), 0);
}
