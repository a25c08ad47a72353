import type { Hit, RetrievalQuery } from '#contracts/index.ts';
import { expectChunkRow } from '#core/index.ts';
import type { Terms } from './analyzed-chunk.ts';
import { Accumulator, bm25Plan, spellingPlan, type FieldPlan } from './lexical.ts';
import { matchField } from './matches.ts';
import { DEFAULT_WEIGHTS, type ScoreWeights } from './score-weights.ts';
import { TopRows, type RankedRow } from './top-rows.ts';
import { exactCosine, VectorQuery } from './vector-scan.ts';
import type { IndexView, VisibleSegment } from './view.ts';
import { visibleRuns } from './visibility.ts';
import { WarmSegments } from './warm-segments.ts';

/** Rows of each signal that may become hits. */
const CANDIDATES = 100;
const SIGNALS = ['lexical', 'vector', 'spelling'] as const;
type Signal = (typeof SIGNALS)[number];

/** A row that one of the signals put forward, with all of its signals. The cosine is the scan's. */
interface Candidate {
  readonly ranked: RankedRow;
  readonly lexical: number;
  readonly spelling: number;
  readonly cosine: number;
  readonly isSameLanguage: boolean;
  /** What age leaves of the score: 1 where it does not count. */
  readonly recency: number;
}

/** What a search needs beside the query. One per thread: it holds that thread's working memory. */
export class Searcher {
  readonly #number: number;
  readonly #weights: ScoreWeights;
  readonly #lexical = new Accumulator();
  readonly #spelling = new Accumulator();
  readonly #warm = new WarmSegments();

  /** @param number of the search thread, from 0. */
  constructor(number: number, weights: ScoreWeights = DEFAULT_WEIGHTS) {
    this.#number = number;
    this.#weights = weights;
  }

  /**
   * The best hits: score = lexical + wv · cosine + ws · spelling, over the union of the best 100 rows of each signal.
   * Rows that the query's filter hides are neither scored nor counted. Equal scores by row.
   */
  search(view: IndexView, query: RetrievalQuery, terms: Terms): Hit[] {
    const segments = this.#visible(view, query);
    const hits = this.#searchIn(segments, query, terms);
    this.#warm.trim();
    return hits;
  }

  /** Lets go of what was read of segments that no view has any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    this.#warm.keepOnly(ids);
  }

  /** The segments of which the query sees anything: only they are needed whole. */
  #visible(view: IndexView, query: RetrievalQuery): VisibleSegment[] {
    return view.flatMap(({ segment, overlay }): VisibleSegment[] => {
      const runs = visibleRuns(segment, overlay, query);
      return runs.rowCount === 0 ? [] : [{ segment: this.#warm.take(segment), runs }];
    });
  }

  #searchIn(segments: readonly VisibleSegment[], query: RetrievalQuery, terms: Terms): Hit[] {
    const { folded, stems, inverseFrequency } = this.#weights;
    const lexicalPlans = [
      ...(stems === 0 ? [] : [bm25Plan(matchField('stems', terms.stems, segments), stems, inverseFrequency)]),
      ...(folded === 0
        ? []
        : [bm25Plan(matchField('folded', terms.folded, segments), folded, inverseFrequency)]),
    ];
    const spelling = spellingPlan(matchField('grams', [...new Set(terms.grams)], segments));
    // A vector of zeros says nothing: no word of the question is known to the model.
    const hasVector = query.vector?.some((value) => value !== 0) === true;
    const vector = hasVector ? new VectorQuery(query.vector, this.#number) : undefined;
    const top = {
      lexical: new TopRows(CANDIDATES),
      vector: new TopRows(CANDIDATES),
      spelling: new TopRows(CANDIDATES),
    };
    const candidates = new Map<number, Candidate>();
    for (const [index, visible] of segments.entries()) {
      this.#scoreSegment(visible, index, { lexicalPlans, spelling, vector, top });
      this.#keep(visible, index, { top, vector, candidates, query });
      this.#lexical.clear();
      this.#spelling.clear();
    }
    return this.#fuse(segments, { query, vector, top, candidates });
  }

  #scoreSegment(
    { segment, runs }: VisibleSegment,
    index: number,
    work: {
      lexicalPlans: readonly FieldPlan[];
      spelling: FieldPlan;
      vector: VectorQuery | undefined;
      top: Record<Signal, TopRows>;
    },
  ): void {
    this.#lexical.reserve(segment.rowCount);
    this.#spelling.reserve(segment.rowCount);
    for (const plan of work.lexicalPlans) this.#lexical.add(plan, segment, index);
    this.#spelling.add(work.spelling, segment, index);
    offerTouched(this.#lexical, segment.rows, index, { top: work.top.lexical });
    offerTouched(this.#spelling, segment.rows, index, {
      top: work.top.spelling,
      lengths: segment.postings.grams.lengths,
    });
    work.vector?.scan(segment, index, runs, work.top.vector);
  }

  /** Notes all signals of the rows of this segment that are among the best so far, while its scores are there. */
  #keep(
    { segment }: VisibleSegment,
    index: number,
    work: {
      top: Record<Signal, TopRows>;
      vector: VectorQuery | undefined;
      candidates: Map<number, Candidate>;
      query: RetrievalQuery;
    },
  ): void {
    const { languages } = segment.header;
    for (const signal of SIGNALS) {
      for (const ranked of work.top[signal].entries()) {
        if (ranked.segment !== index || work.candidates.has(ranked.row)) continue;
        const group = segment.groupOf(ranked.local);
        const language = languages[segment.groups.languages[group]!];
        work.candidates.set(ranked.row, {
          ranked,
          lexical: this.#lexical.at(ranked.local),
          spelling: spellingOf(
            this.#spelling.at(ranked.local),
            segment.postings.grams.lengths[ranked.local]!,
          ),
          cosine: work.vector?.scoreOf(segment, ranked.local) ?? 0,
          isSameLanguage: work.query.language === undefined || work.query.language === language,
          recency: recencyOf(segment.groups.times[group * 4]!, work.query),
        });
      }
    }
  }

  #fuse(
    segments: readonly VisibleSegment[],
    work: {
      query: RetrievalQuery;
      vector: VectorQuery | undefined;
      top: Record<Signal, TopRows>;
      candidates: ReadonlyMap<number, Candidate>;
    },
  ): Hit[] {
    const ranks = ranksOf(work.top);
    const { limit, vector } = { limit: work.query.limit, vector: work.vector };
    const bounded = [...ranks.keys()].map((row) => this.#bound(work.candidates.get(row)!, segments, vector));
    // Only rows that may still be among the best are read exactly; the bound is proven, so none is missed.
    const floor = bounded.map(({ lowest }) => lowest).toSorted((a, b) => b - a)[limit - 1] ?? -Infinity;
    const hits = bounded
      .filter(({ highest }) => highest >= floor)
      .map(({ candidate }) => this.#toHit(candidate, segments, vector, ranks));
    return hits.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, limit);
  }

  #bound(candidate: Candidate, segments: readonly VisibleSegment[], vector: VectorQuery | undefined) {
    const weights = this.#weights[candidate.isSameLanguage ? 'sameLanguage' : 'otherLanguage'];
    const { segment } = segments[candidate.ranked.segment]!;
    const error = vector === undefined ? 0 : weights.vector * vector.errorIn(segment);
    const score =
      candidate.lexical + weights.vector * candidate.cosine + weights.spelling * candidate.spelling;
    const { recency } = candidate;
    return { candidate, lowest: recency * (score - error), highest: recency * (score + error) };
  }

  #toHit(
    { ranked, lexical, spelling, isSameLanguage, recency }: Candidate,
    segments: readonly VisibleSegment[],
    query: VectorQuery | undefined,
    ranks: ReadonlyMap<number, Partial<Record<Signal, number>>>,
  ): Hit {
    const language = isSameLanguage ? 'sameLanguage' : 'otherLanguage';
    const weights = this.#weights[language];
    const { segment } = segments[ranked.segment]!;
    const vector = query === undefined ? 0 : exactCosine(query.vector, segment, ranked.local);
    const score = recency * (lexical + weights.vector * vector + weights.spelling * spelling);
    const judged = this.#weights.judged?.[language];
    const own = ranks.get(ranked.row) ?? {};
    const signals = Object.fromEntries(
      SIGNALS.flatMap((signal) => (own[signal] === undefined ? [] : [[`${signal}Rank`, own[signal]]])),
    );
    const age = recency === 1 ? {} : { recency };
    return {
      row: expectChunkRow(ranked.row),
      score,
      signals: {
        lexical,
        vector,
        spelling,
        vectorWeight: weights.vector,
        spellingWeight: weights.spelling,
        ...(judged !== undefined && { judged: score + recency * (judged - weights.vector) * vector }),
        ...age,
        ...signals,
      },
    };
  }
}

/** ½ + ½ · 2^(−age / half-life); 1 where age does not count. */
function recencyOf(validFromMs: number, { halfLifeMs, validAtMs }: RetrievalQuery): number {
  if (halfLifeMs === undefined) return 1;
  return 0.5 + 0.5 * 2 ** (-Math.max(0, validAtMs - validFromMs) / halfLifeMs);
}

/** The spelling signal out of a row's sum: divided by the length of its side, at most 1. */
const spellingOf = (sum: number, grams: number): number =>
  sum === 0 ? 0 : Math.min(1, sum / Math.sqrt(grams));

function offerTouched(
  accumulator: Accumulator,
  rows: Float64Array,
  segment: number,
  { top, lengths }: { top: TopRows; lengths?: Uint16Array },
): void {
  for (const local of accumulator.touched()) {
    const sum = accumulator.at(local);
    const score = lengths === undefined ? sum : spellingOf(sum, lengths[local]!);
    if (score >= top.floor) top.offer({ row: rows[local]!, score, segment, local });
  }
}

/** The places, from 1, that the candidates hold by each signal. */
function ranksOf(top: Record<Signal, TopRows>): Map<number, Partial<Record<Signal, number>>> {
  const ranks = new Map<number, Partial<Record<Signal, number>>>();
  for (const signal of SIGNALS) {
    for (const [index, { row }] of top[signal].ranked().entries()) {
      ranks.set(row, { ...ranks.get(row), [signal]: index + 1 });
    }
  }
  return ranks;
}
