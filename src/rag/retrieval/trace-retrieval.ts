import type { Hit } from '#contracts/index.ts';
import type { ChunkId, ChunkRow, Evidence } from '#core/index.ts';
import { textAnalyzer } from '../analysis/analyzer.ts';
import { rewriteQuestion } from './rewrite-question.ts';
import type { Wording } from '../synonyms/word-question.ts';
import type { EmbeddingUse } from './question-reader.ts';
import { searchWordings } from './search-wordings.ts';
import { redundancyOf, type DiverseChoice } from './diversity.ts';
import {
  chooseEvidence,
  toJudged,
  toQuery,
  wordingsOf,
  type RetrievalDeps,
  type RetrieveRequest,
} from './retrieve.ts';

/** Candidates that are looked at: more than any signal puts forward. */
const TRACED_LIMIT = 300;
const CHARACTERS_PER_TOKEN = 4;

/**
 * What became of a passage: given; left out as a copy of one that was given, as so like one of them that another
 * passage was given instead, or as it came after the last that is given; or kept out before scoring by a filter on
 * metadata.
 */
export type PieceOutcome = 'given' | 'copy' | 'redundant' | 'beyond-limit' | 'filtered-by-metadata';

/** A passage that the asker may read, with all that was said for it. */
export interface TracedPiece {
  readonly evidence: Evidence;
  /** From 1, by score. */
  readonly rank: number;
  readonly outcome: PieceOutcome;
  /** The passage that stands for this copy. */
  readonly copyOf: ChunkId | undefined;
  /** Of a redundant one: the passage given that it is most like, and how much, 0 to 1. */
  readonly like: { readonly chunkId: ChunkId; readonly likeness: number } | undefined;
  /** An estimate: there is no tokenizer. */
  readonly tokens: number;
  /** Parts of the score, weights and places by each of them. */
  readonly signals: Hit['signals'];
}

/** Why these passages and no others. Made of what the asker may read and of nothing else. */
export interface RetrievalTrace {
  readonly question: {
    /** As it was looked for: a follow-up is completed from the conversation. */
    readonly text: string;
    readonly language: string;
    readonly stems: readonly string[];
    readonly folded: readonly string[];
    readonly grams: number;
    /** The question in the words of synonyms, in the order that a hit's `wording` counts, from 1. */
    readonly wordings: readonly Wording[];
  };
  /** Whose vectors were searched; undefined where the index has only the built-in ones. */
  readonly embedding: EmbeddingUse | undefined;
  /** How much what is given repeats itself, 0 to 1: as it ranks, and with those that are alike made room by. */
  readonly redundancy: { readonly before: number; readonly after: number };
  readonly pieces: readonly TracedPiece[];
}

/** Retrieval that says why: the same evidence, and every candidate with what became of it. */
export function createTracedRetrieve(given: RetrievalDeps) {
  return async (
    request: RetrieveRequest,
  ): Promise<{ readonly evidence: readonly Evidence[]; readonly trace: RetrievalTrace }> => {
    const query = { ...toQuery(request), limit: TRACED_LIMIT };
    const wordings = wordingsOf(request);
    // One reader for all that is looked up: what is said of it is then true of each.
    const index = await searchWordings(given, [query.text, ...wordings.map(({ text }) => text)]);
    const deps: RetrievalDeps = {
      index,
      listEvidence: (hits, access) => given.listEvidence(hits, access),
    };
    // The index looks for every wording by itself.
    const choice = await chooseEvidence(deps, { ...request, synonyms: undefined });
    const { chosen: evidence, best } = choice;
    const hits = await deps.index.search(query);
    const found = await deps.listEvidence(hits.map(toJudged), request.access);
    const outcomeOf = outcomesOf(choice);
    const pieces = toPieces(
      hits,
      found,
      (piece) => outcomeOf.get(piece.chunkId) ?? { outcome: 'beyond-limit' },
    );
    const filtered = await findFiltered(deps, request, new Set(hits.map(({ row }) => row)));
    const question = { ...analyzed(request), wordings };
    const redundancy = { before: redundancyOf(best), after: redundancyOf(evidence) };
    const trace = { question, embedding: index.embedding, redundancy, pieces: [...pieces, ...filtered] };
    return { evidence, trace };
  };
}

function analyzed({ messages }: RetrieveRequest): Omit<RetrievalTrace['question'], 'wordings'> {
  const { text, language } = rewriteQuestion(messages);
  const { stems, folded, grams } = textAnalyzer.analyze(text, language, 'query');
  return { text, language, stems, folded, grams: new Set(grams).size };
}

interface Outcome {
  readonly outcome: PieceOutcome;
  readonly copyOf?: ChunkId;
  readonly like?: TracedPiece['like'];
}

function outcomesOf({ chosen, redundant }: DiverseChoice): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const { chunkId, copies } of chosen) {
    outcomes.set(chunkId, { outcome: 'given' });
    for (const copy of copies ?? []) outcomes.set(copy.chunkId, { outcome: 'copy', copyOf: chunkId });
  }
  for (const { piece, like, likeness } of redundant)
    outcomes.set(piece.chunkId, { outcome: 'redundant', like: { chunkId: like.chunkId, likeness } });
  return outcomes;
}

function toPieces(
  hits: readonly Hit[],
  found: readonly Evidence[],
  judge: (piece: Evidence) => Outcome,
): TracedPiece[] {
  const byRow = new Map(found.map((piece) => [piece.chunkRow, piece]));
  return hits.flatMap(({ row, signals }, index): TracedPiece[] => {
    const evidence = byRow.get(row);
    if (evidence === undefined) return [];
    const { outcome, copyOf, like } = judge(evidence);
    const tokens = Math.ceil(evidence.text.length / CHARACTERS_PER_TOKEN);
    return [{ evidence, rank: index + 1, outcome, copyOf, like, tokens, signals }];
  });
}

/** What would have been among the best, had there been no filter on metadata. */
async function findFiltered(
  deps: RetrievalDeps,
  request: RetrieveRequest,
  known: ReadonlySet<ChunkRow>,
): Promise<TracedPiece[]> {
  if (Object.keys(request.metadata ?? {}).length === 0) return [];
  const hits = await deps.index.search(toQuery({ ...request, metadata: undefined }));
  const others = hits.filter(({ row }) => !known.has(row));
  const found = await deps.listEvidence(others.map(toJudged), request.access);
  return toPieces(others, found, () => ({ outcome: 'filtered-by-metadata' }));
}
