import { CUT_STRENGTH, type Unit } from './chunk-units.ts';

/** Sizes in tokens, as `countTokens` counts them. */
export interface ChunkSizes {
  /** Below this a chunk is not ended without need. */
  readonly minTokens: number;
  /** A section up to this size stays whole, and a longer one is cut before it. */
  readonly softMaxTokens: number;
  /** No chunk is larger. */
  readonly maxTokens: number;
}

/** FNV-1a, 32 bits: spreads texts evenly, which is all that is asked of it. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

interface Cut {
  readonly count: number;
  readonly strength: number;
  readonly hash: number;
}

const isBetterCut = (cut: Cut, best: Cut | undefined): boolean =>
  best === undefined ||
  cut.strength > best.strength ||
  (cut.strength === best.strength && cut.hash < best.hash);

/**
 * Where to cut a long section: how many of `units` the next chunk takes. Among the ends that leave a chunk of a
 * good size it takes the strongest, and of equal ones the one that the text itself picks (the smallest hash of
 * what follows). So an edit far above moves the cuts only until both versions pick the same place, and the
 * chunks below keep their ids.
 * @see content-defined chunking: Muthitacharoen, Chen, Mazières: LBFS, SOSP 2001.
 */
function takeCount(units: readonly Unit[], from: number, text: string, sizes: ChunkSizes): number {
  let tokens = 0;
  let best: Cut | undefined;
  for (let at = from; at < units.length; at++) {
    const unit = units[at]!;
    tokens += unit.tokens;
    const count = at - from + 1;
    if (tokens > sizes.maxTokens) return best?.count ?? Math.max(1, count - 1);
    if (tokens > sizes.softMaxTokens && best !== undefined) return best.count;
    const next = units[at + 1];
    if (next === undefined) return count;
    if (tokens < sizes.minTokens && tokens + next.tokens <= sizes.maxTokens) continue;
    const cut = { count, strength: unit.strength, hash: hash(text.slice(next.start, next.end)) };
    if (isBetterCut(cut, best)) best = cut;
  }
  return units.length - from;
}

/** Packs the units of one section, or of one table. */
function packRun(units: readonly Unit[], text: string, sizes: ChunkSizes): Unit[][] {
  const total = units.reduce((sum, unit) => sum + unit.tokens, 0);
  if (total <= sizes.softMaxTokens) return units.length === 0 ? [] : [[...units]];
  const packs: Unit[][] = [];
  for (let from = 0; from < units.length;) {
    const count = takeCount(units, from, text, sizes);
    packs.push(units.slice(from, from + count));
    from += count;
  }
  return packs;
}

const isSameRun = (a: Unit, b: Unit): boolean =>
  a.section === b.section &&
  (a.kind === 'table') === (b.kind === 'table') &&
  (a.kind !== 'table' || a.blockIndex === b.blockIndex);

/** Runs that are packed apart: sections, and tables inside of them. */
function toRuns(units: readonly Unit[]): Unit[][] {
  const runs: Unit[][] = [];
  for (const unit of units) {
    const last = runs.at(-1);
    if (last !== undefined && isSameRun(last.at(-1)!, unit)) last.push(unit);
    else runs.push([unit]);
  }
  return runs;
}

/** A pack of headings alone says nothing: it goes to the head of what it heads, if that has room. */
function joinBareHeadings(packs: readonly Unit[][], sizes: ChunkSizes): Unit[][] {
  const joined: Unit[][] = [];
  const size = (pack: readonly Unit[]): number => pack.reduce((sum, unit) => sum + unit.tokens, 0);
  for (const pack of packs) {
    const last = joined.at(-1);
    const isBare =
      last?.every((unit) => unit.kind === 'heading' && unit.strength === CUT_STRENGTH.block) ?? false;
    if (last !== undefined && isBare && size(last) + size(pack) <= sizes.maxTokens) last.push(...pack);
    else joined.push([...pack]);
  }
  return joined;
}

/** Packs units to chunks: sections first, then the strongest cuts inside of a long one. Nothing is left out. */
export function packUnits(units: readonly Unit[], text: string, sizes: ChunkSizes): Unit[][] {
  const packs = toRuns(units).flatMap((run) => packRun(run, text, sizes));
  return joinBareHeadings(packs, sizes);
}
