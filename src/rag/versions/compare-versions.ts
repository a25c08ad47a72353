import type { ChunkText } from '../document-detail-store.ts';

/** A stretch of two versions: there only before, only after, or both, with another text. */
export interface VersionDifference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: ChunkText | undefined;
  readonly after: ChunkText | undefined;
}

/**
 * The longest chain of positions that only grows, as indexes into `positions`.
 * @see Fredman: On computing the length of longest increasing subsequences, 1975.
 */
function longestGrowing(positions: readonly number[]): number[] {
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, position] of positions.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (positions[ends[middle]!]! < position) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = index;
  }
  const chain: number[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]!) chain.push(at);
  return chain.toReversed();
}

const placeOf = (chunk: ChunkText) => chunk.headingPath.join('\u0000');

/** Pairs what went with what came under the same headings; the rest only went or only came. */
function pair(before: readonly ChunkText[], after: readonly ChunkText[]): VersionDifference[] {
  const waiting = Map.groupBy(before, placeOf);
  const differences: VersionDifference[] = [];
  const paired = new Set<ChunkText>();
  for (const chunk of after) {
    const match = waiting.get(placeOf(chunk))?.shift();
    if (match !== undefined) paired.add(match);
    differences.push({ change: match === undefined ? 'added' : 'changed', before: match, after: chunk });
  }
  const removed = before.filter((chunk) => !paired.has(chunk));
  return [
    ...removed.map((chunk): VersionDifference => ({ change: 'removed', before: chunk, after: undefined })),
    ...differences,
  ];
}

/**
 * What changed between two versions, in reading order. Unchanged text keeps its chunk's id, so only chunks whose id is
 * not in both are looked at; text that only moved counts as unchanged unless it crossed other text that stayed.
 */
export function compareVersions(
  before: readonly ChunkText[],
  after: readonly ChunkText[],
): VersionDifference[] {
  const placeBefore = new Map(before.map((chunk, index) => [chunk.id, index]));
  const common = after.flatMap((chunk, index) => {
    const place = placeBefore.get(chunk.id);
    return place === undefined ? [] : [{ before: place, after: index }];
  });
  const anchors = longestGrowing(common.map((one) => one.before)).map((index) => common[index]!);
  const differences: VersionDifference[] = [];
  let [doneBefore, doneAfter] = [0, 0];
  for (const anchor of [...anchors, { before: before.length, after: after.length }]) {
    differences.push(...pair(before.slice(doneBefore, anchor.before), after.slice(doneAfter, anchor.after)));
    [doneBefore, doneAfter] = [anchor.before + 1, anchor.after + 1];
  }
  return differences;
}
