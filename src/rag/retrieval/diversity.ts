import type { Evidence } from '#core/index.ts';
import { likenessOf, wordingOf, type Wording } from './wording.ts';

/**
 * Passages as alike as `leastLikeness` say nearly the same: one wording, repeated from document to document. Each
 * further one of them counts less than the one before, by `weight` as a share of the places there are. Ordinary passages
 * on one subject share hardly a run of four words.
 */
export interface DiversityRule {
  readonly weight: number;
  readonly leastLikeness: number;
}

export const DIVERSITY: DiversityRule = { weight: 0.1, leastLikeness: 0.4 };

/** A passage with what it is worth: its score, or what a reranking model made of it. */
export interface ValuedPiece {
  readonly piece: Evidence;
  readonly value: number;
}

/** A passage that would have been given, had others not said nearly the same. */
export interface RedundantPiece {
  readonly piece: Evidence;
  /** The best of those that say nearly the same, and how nearly, 0 to 1. */
  readonly like: Evidence;
  readonly likeness: number;
}

/** What was chosen, in the order in which it was ranked, and what gave way. */
export interface DiverseChoice {
  readonly chosen: readonly Evidence[];
  /** The best as they rank: what would have been chosen without regard to likeness. */
  readonly best: readonly Evidence[];
  readonly redundant: readonly RedundantPiece[];
}

/** Passages that are like the first of them. */
interface Group {
  readonly first: Evidence;
  readonly wording: Wording;
  chosen: number;
}

interface Candidate extends ValuedPiece {
  readonly group: Group;
  readonly likeness: number;
}

/** Whether two of some passages are so alike that one may have to give way. */
export function isRepetitive(pieces: readonly Evidence[]): boolean {
  const candidates = toCandidates(pieces.map((piece) => ({ piece, value: 0 })));
  return new Set(candidates.map(({ group }) => group)).size < pieces.length;
}

/**
 * Chooses passages for an answer one by one: each time the one whose value, less what it loses for those of its wording
 * that were chosen before, is highest; of equals the one that ranks first. The first is always the best, and where no two
 * of the best are alike they are what is chosen: near-identical passages of many documents leave room for others, and
 * nothing else changes. Among those that are alike the ranking decides: which contract of thirty from one template is
 * meant is for the question to say, not for their wording.
 * @param ranked best first.
 * @see Carbonell, Goldstein: The Use of MMR, Diversity-Based Reranking, SIGIR 1998. There a passage loses by its highest
 * likeness, once; that drives out all of a template but the one least like the rest.
 */
export function chooseDiverse(
  ranked: readonly ValuedPiece[],
  limit: number,
  rule: DiversityRule = DIVERSITY,
): DiverseChoice {
  const candidates = toCandidates(ranked, rule.leastLikeness);
  const chosen = new Set<Candidate>();
  while (chosen.size < Math.min(limit, candidates.length)) {
    const next = bestOf(candidates, chosen, rule.weight / limit);
    chosen.add(next);
    next.group.chosen += 1;
  }
  const best = candidates.slice(0, limit);
  return {
    chosen: candidates.filter((candidate) => chosen.has(candidate)).map(({ piece }) => piece),
    best: best.map(({ piece }) => piece),
    redundant: best
      .filter((candidate) => !chosen.has(candidate))
      .map(({ piece, group, likeness }) => ({ piece, like: group.first, likeness })),
  };
}

function toCandidates(ranked: readonly ValuedPiece[], leastLikeness = DIVERSITY.leastLikeness): Candidate[] {
  const groups: Group[] = [];
  let least = Infinity;
  return ranked.map(({ piece, value }): Candidate => {
    // Nothing is worth more than what ranks before it: the ranking may go by more than the score that is shown.
    least = Math.min(least, value);
    const wording = wordingOf(piece.text);
    for (const group of groups) {
      const likeness = likenessOf(group.wording, wording);
      if (likeness >= leastLikeness) return { piece, value: least, group, likeness };
    }
    const group: Group = { first: piece, wording, chosen: 0 };
    groups.push(group);
    return { piece, value: least, group, likeness: 1 };
  });
}

function bestOf(candidates: readonly Candidate[], chosen: ReadonlySet<Candidate>, step: number): Candidate {
  let best: Candidate | undefined;
  let most = -Infinity;
  for (const candidate of candidates) {
    const worth = candidate.value - step * candidate.group.chosen;
    if (chosen.has(candidate) || worth <= most) continue;
    best = candidate;
    most = worth;
  }
  if (best === undefined) throw new TypeError('nothing is left to choose');
  return best;
}

/** How much some passages repeat each other: the mean of each one's highest likeness to another, 0 to 1. */
export function redundancyOf(pieces: readonly Evidence[]): number {
  if (pieces.length < 2) return 0;
  const wordings = pieces.map(({ text }) => wordingOf(text));
  const highest = wordings.map((one) =>
    Math.max(...wordings.map((other) => (one === other ? 0 : likenessOf(one, other)))),
  );
  return highest.reduce((sum, likeness) => sum + likeness, 0) / highest.length;
}
