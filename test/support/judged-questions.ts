import { parseQuestion } from '../../src/rag/answer/question.ts';
import { gradeEvidence, type EvidenceGrade } from '../../src/rag/answer/grade-evidence.ts';
import { addSimilarity, rankByWords, type RankedSentence } from '../../src/rag/answer/rank-sentences.ts';
import { viewChunk, type ChunkView } from '../../src/rag/answer/sentence-view.ts';
import type { TableEmbedding } from '../../src/rag/embedding/table-embedding.ts';
import type { FoundDocument } from './indexed-set.ts';
import type { SetDocument } from './retrieval-sets.ts';

/** Chunks with their sentences and vectors kept, as a running answerer has them. */
export interface KeptViews {
  readonly views: readonly ChunkView[];
  readonly vectors: readonly (readonly Float32Array[])[];
}

/** Analyses documents once. */
export function keepViews(documents: readonly SetDocument[], embedding: TableEmbedding): KeptViews {
  const views = documents.map((document) => viewChunk({ ...document, headingPath: [] }));
  const vectors = views.map((view, index) =>
    view.sentences.map(({ text }) => embedding.embedText(text, documents[index]!.language)),
  );
  return { views, vectors };
}

/** What the answerer makes of a question and the documents found for it. */
export interface Judged {
  readonly ranked: readonly RankedSentence[];
  readonly grade: EvidenceGrade | undefined;
  /** Position of the document that a ranked sentence is from. */
  documentOf(sentence: RankedSentence): number;
}

/** Chooses sentences and judges them by the product's own steps. */
export function judgeQuestion(
  question: { readonly text: string; readonly language: string },
  found: readonly FoundDocument[],
  { views, vectors }: KeptViews,
  embedding: TableEmbedding,
): Judged {
  const chunks = found.map(({ document, score }) => {
    return { view: views[document]!, vectors: vectors[document]!, score, isForeign: false };
  });
  const { text, language } = question;
  const vector = embedding.embedText(text, language);
  const chunkViews = chunks.map(({ view }) => view);
  const parsed = parseQuestion(text, language, chunkViews, vector);
  const ranked = addSimilarity(parsed, chunks, rankByWords(parsed, chunks));
  const [best, ...others] = ranked;
  return {
    ranked,
    grade: best && gradeEvidence(parsed, chunks, [best, ...others]),
    documentOf: (sentence) => found[sentence.chunk]!.document,
  };
}
