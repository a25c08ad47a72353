import type { ChatModel, EmbeddingModel } from '#contracts/index.ts';
import type { ChatDelta, ChatRequest, Evidence } from '#core/index.ts';
import { toLanguage, type Language } from '../analysis/language.ts';
import { rewriteQuestion } from '../retrieval/rewrite-question.ts';
import { insufficientNote, relatedNote } from './answer-notes.ts';
import { gradeEvidence, type EvidenceGrade } from './grade-evidence.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { findParties } from './parties.ts';
import { parseQuestion, type Question } from './question.ts';
import {
  addSimilarity,
  findContenders,
  rankByWords,
  type RankedChunk,
  type RankedSentence,
} from './rank-sentences.ts';
import { selectQuotes, type Quote } from './select-quotes.ts';
import { viewChunk, type ChunkView } from './sentence-view.ts';

/** What the extractive answerer is made of. */
export interface ExtractiveOptions {
  /** Adds likeness in meaning to the choice of sentences; the answerer works without. */
  readonly embedding?: EmbeddingModel;
  /** Of a question too short to tell. */
  readonly fallbackLanguage?: Language;
  /** Chunks whose sentences stay analysed. */
  readonly keptChunks?: number;
  /** Refuses where it would otherwise show what may be related. */
  readonly isStrict?: boolean;
}

interface KeptChunk {
  readonly language: string;
  readonly view: ChunkView;
  /** By sentence; those that were never near the best have none. */
  readonly vectors: (Float32Array | undefined)[];
}

const NAME = 'hradlo';
const KEPT_CHUNKS = 2_000;
const CHARACTERS_PER_TOKEN = 4;

/** An estimate: there is no tokenizer, and nothing is cut by it. */
const countTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/**
 * Answers with sentences of the evidence, word for word, and with nothing else: no model is needed. Says when the
 * evidence does not suffice, and what it lacks.
 */
export function createExtractiveModel(options: ExtractiveOptions = {}): ChatModel {
  const kept = new LeastRecentlyUsed<KeptChunk>(options.keptChunks ?? KEPT_CHUNKS);
  return {
    name: NAME,
    mode: 'quoted',
    contextTokens: undefined,
    location: 'here',
    countTokens,
    async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
      const answer = await composeAnswer(request, options, kept, signal);
      let outputTokens = 0;
      for (const delta of answer.deltas) {
        if (signal.aborted) break;
        outputTokens += countTokens(delta.text);
        yield delta;
      }
      const inputTokens = countTokens(request.messages.at(-1)?.content ?? '');
      yield {
        type: 'finish',
        reason: signal.aborted ? 'cancelled' : 'stop',
        usage: { inputTokens, outputTokens, cachedInputTokens: 0 },
        grade: answer.grade,
      };
    },
  };
}

type TextDelta = Extract<ChatDelta, { type: 'text-delta' | 'quote' }>;
interface ComposedAnswer {
  readonly grade: EvidenceGrade['grade'];
  /** Log-odds that the evidence answers. */
  readonly logit: number;
  readonly deltas: readonly TextDelta[];
}

const GRADES: readonly EvidenceGrade['grade'][] = ['insufficient', 'related', 'answered'];

/** Whether the evidence carries one answer better than another. */
const isBetter = (a: ComposedAnswer, b: ComposedAnswer): boolean =>
  a.grade === b.grade ? a.logit > b.logit : GRADES.indexOf(a.grade) > GRADES.indexOf(b.grade);

async function composeAnswer(
  request: ChatRequest,
  options: ExtractiveOptions,
  kept: LeastRecentlyUsed<KeptChunk>,
  signal: AbortSignal,
): Promise<ComposedAnswer> {
  const { text, language } = rewriteQuestion(request.messages, options.fallbackLanguage);
  const asked = { language, evidence: request.evidence, signal };
  let answer = await answerWording({ text, ...asked }, options, kept);
  for (const wording of request.wordings ?? []) {
    const other = await answerWording({ text: wording, ...asked }, options, kept);
    // What is missing is said in the words of who asked.
    if (other.grade !== 'insufficient' && isBetter(other, answer)) answer = other;
  }
  return answer;
}

interface AskedWording extends Pick<ChatRequest, 'evidence'> {
  readonly text: string;
  readonly language: Language;
  readonly signal: AbortSignal;
}

/** The answer to a question in one of its wordings. */
async function answerWording(
  { text, language, signal, ...request }: AskedWording,
  options: ExtractiveOptions,
  kept: LeastRecentlyUsed<KeptChunk>,
): Promise<ComposedAnswer> {
  const keptChunks = request.evidence.map((evidence) => keptChunk(evidence, kept));
  const [vector] = (await options.embedding?.embed([text], { purpose: 'query', language, signal })) ?? [];
  const views = keptChunks.map((chunk) => chunk.view);
  const question = parseQuestion(text, language, views, vector);
  const parties = findParties(request.evidence.map((evidence, index) => ({ evidence, view: views[index]! })));
  const bare = request.evidence.map((evidence, index): RankedChunk => {
    const isOther = isForeign(evidence, language);
    const own = parties.get(evidence.versionId);
    return {
      view: views[index]!,
      vectors: undefined,
      score: evidence.score,
      isForeign: isOther,
      parties: own,
    };
  });
  const { embedding, isStrict = false } = options;
  const byWords = question.terms.length > 0 ? rankByWords(question, bare) : [];
  const isEmbedded = embedding !== undefined && byWords.length > 0;
  const ranked = isEmbedded
    ? await rankByMeaning(question, bare, byWords, { keptChunks, embedding })
    : byWords;
  return compose(question, { chunks: bare, ranked }, request.evidence, isStrict);
}

function keptChunk(evidence: Evidence, kept: LeastRecentlyUsed<KeptChunk>): KeptChunk {
  const key = `${evidence.versionId} ${evidence.chunkId}`;
  return kept.getOrMake(key, () => ({
    language: evidence.language,
    view: viewChunk(evidence),
    vectors: [],
  }));
}

/**
 * Ranks the sentences that may be shown by their likeness in meaning too. Of others no vector is used even where it is
 * known, so that an answer does not depend on what was asked before.
 */
async function rankByMeaning(
  question: Question,
  chunks: readonly RankedChunk[],
  byWords: readonly RankedSentence[],
  { keptChunks, embedding }: { keptChunks: readonly KeptChunk[]; embedding: EmbeddingModel },
): Promise<RankedSentence[]> {
  const contenders = findContenders(chunks, byWords);
  const embedded = await Promise.all(
    chunks.map(async (chunk, index): Promise<RankedChunk> => {
      const { language, view, vectors } = keptChunks[index]!;
      const sentences = contenders.get(index) ?? [];
      const missing = sentences.filter((sentence) => vectors[sentence] === undefined);
      const texts = missing.map((sentence) => view.sentences[sentence]!.text);
      const made = texts.length === 0 ? [] : await embedding.embed(texts, { purpose: 'document', language });
      for (const [place, sentence] of missing.entries()) vectors[sentence] = made[place];
      const own: (Float32Array | undefined)[] = [];
      for (const sentence of sentences) own[sentence] = vectors[sentence];
      return { ...chunk, vectors: own };
    }),
  );
  return addSimilarity(question, embedded, byWords);
}

const isForeign = (evidence: Evidence, language: Language): boolean => {
  const own = toLanguage(evidence.language);
  // Czech and Slovak share most stems; every other pair meets only in spelling and meaning.
  return own !== undefined && own !== language && (own === 'en' || language === 'en');
};

function compose(
  question: Question,
  { chunks, ranked }: { chunks: readonly RankedChunk[]; ranked: readonly RankedSentence[] },
  evidence: readonly Evidence[],
  isStrict: boolean,
): ComposedAnswer {
  const language = toLanguage(question.language) ?? 'cs';
  const [best, ...others] = ranked;
  const lacking = (missing: readonly string[]): TextDelta[] => [
    { type: 'text-delta', text: insufficientNote(language, missing) },
  ];
  if (best === undefined) return { grade: 'insufficient', logit: -Infinity, deltas: lacking([]) };
  const { grade, logit, missing } = gradeEvidence(question, chunks, [best, ...others], isStrict);
  if (grade === 'insufficient') return { grade, logit, deltas: lacking(missing) };
  const quotes = toDeltas(selectQuotes(ranked, chunks), evidence);
  if (grade === 'answered') return { grade, logit, deltas: quotes };
  const note: TextDelta = { type: 'text-delta', text: `${relatedNote(language)}\n\n` };
  return { grade, logit, deltas: [note, ...quotes] };
}

function toDeltas(quotes: readonly Quote[], evidence: readonly Evidence[]): TextDelta[] {
  const deltas: TextDelta[] = [];
  for (const [index, { chunk, start, end, isContext }] of quotes.entries()) {
    const { text } = evidence[chunk]!;
    const previous = quotes[index - 1];
    if (previous !== undefined)
      deltas.push({ type: 'text-delta', text: separator(previous, quotes[index]!, text) });
    deltas.push({
      type: 'quote',
      evidenceIndex: chunk,
      span: { start, end },
      text: text.slice(start, end),
      isContext,
    });
  }
  return deltas;
}

function separator(previous: Quote, next: Quote, text: string): string {
  if (previous.chunk !== next.chunk) return '\n\n';
  const gap = text.slice(previous.end, next.start);
  if (gap.trim() !== '') return '\n\n';
  return gap.includes('\n') ? '\n' : ' ';
}
