import type { ChatModel } from '#contracts/index.ts';
import type { AnswerGrade, ChatDelta, ChatRequest, Evidence, Span, Usage } from '#core/index.ts';
import { questionOf } from '../retrieval/retrieve.ts';
import { toTerms } from '../retrieval/terms.ts';
import { splitSentences } from './sentences.ts';

const MAX_QUOTES = 3;
/** Share of the question's weight that a sentence and its headings must cover to count as an answer. */
const ANSWERED_COVERAGE = 0.5;
const RELATED_COVERAGE = 0.3;
/** A further quote must come this near to the best. */
const NEAR_BEST = 0.8;
const CHARACTERS_PER_TOKEN = 4;

interface Candidate {
  readonly evidenceIndex: number;
  readonly span: Span;
  readonly text: string;
  readonly coverage: number;
}

/** How rare each term of the question is among the sentences of the evidence: rare terms weigh more. */
function weigh(terms: readonly string[], sentences: readonly (readonly string[])[]): Map<string, number> {
  return new Map(
    terms.map((term) => {
      const frequency = sentences.filter((sentence) => sentence.includes(term)).length;
      return [term, Math.log(1 + (sentences.length - frequency + 0.5) / (frequency + 0.5))];
    }),
  );
}

function candidatesOf(question: string, evidence: readonly Evidence[]): Candidate[] {
  const terms = [...new Set(toTerms(question))];
  const sentences = evidence.flatMap((piece, evidenceIndex) =>
    splitSentences(piece.text)
      .filter((span) => !piece.headingPath.includes(piece.text.slice(span.start, span.end)))
      .map((span) => {
        const text = piece.text.slice(span.start, span.end);
        const heading = toTerms([piece.title, ...piece.headingPath].join(' '));
        return { evidenceIndex, span, text, terms: toTerms(text), heading };
      }),
  );
  const weights = weigh(
    terms,
    sentences.map((sentence) => [...sentence.terms, ...sentence.heading]),
  );
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  return sentences
    .map(({ evidenceIndex, span, text, terms: own, heading }) => {
      const covered = terms.reduce((sum, term) => {
        const share = own.includes(term) ? 1 : heading.includes(term) ? 0.6 : 0;
        return sum + share * weights.get(term)!;
      }, 0);
      return { evidenceIndex, span, text, coverage: covered / total };
    })
    .filter((candidate) => /\p{L}/u.test(candidate.text))
    .toSorted(
      (a, b) => b.coverage - a.coverage || a.evidenceIndex - b.evidenceIndex || a.span.start - b.span.start,
    );
}

function gradeOf(best: Candidate | undefined): AnswerGrade {
  if (best === undefined || best.coverage < RELATED_COVERAGE) return 'insufficient';
  return best.coverage < ANSWERED_COVERAGE ? 'related' : 'answered';
}

const PHRASES = {
  cs: { insufficient: 'Nedostatek informací.', related: 'Možná souvisí:' },
  en: { insufficient: 'Not enough information.', related: 'Possibly related:' },
} as const;

function languageOf(question: string): 'cs' | 'en' {
  return /\b(the|what|which|who|how|when|where|is|are|does|do|can)\b/i.test(question) ? 'en' : 'cs';
}

/**
 * Answers without a language model: the sentences of the evidence that cover the question best, verbatim, each
 * as a quote; or the honest word that the evidence does not suffice.
 */
export class ExtractiveModel implements ChatModel {
  readonly name = 'hradlo';
  readonly mode = 'quoted';
  readonly contextTokens = undefined;
  readonly location = 'here';

  countTokens(text: string): number {
    return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta> {
    const question = questionOf(request.messages);
    const candidates = candidatesOf(question, request.evidence);
    const grade = gradeOf(candidates[0]);
    const phrases = PHRASES[languageOf(question)];
    let outputTokens = 0;
    if (grade !== 'answered') {
      const text = grade === 'insufficient' ? phrases.insufficient : `${phrases.related}\n\n`;
      outputTokens += this.countTokens(text);
      yield { type: 'text-delta', text };
    }
    const floor = (candidates[0]?.coverage ?? 0) * NEAR_BEST;
    const chosen = grade === 'insufficient' ? [] : candidates.filter(({ coverage }) => coverage >= floor);
    for (const { evidenceIndex, span, text } of chosen.slice(0, MAX_QUOTES)) {
      if (signal.aborted) break;
      outputTokens += this.countTokens(text);
      yield { type: 'quote', evidenceIndex, span, text, isContext: false };
    }
    const inputTokens = request.evidence.reduce(
      (sum, { text }) => sum + this.countTokens(text),
      this.countTokens(question),
    );
    const usage: Usage = { inputTokens, outputTokens, cachedInputTokens: 0 };
    yield { type: 'finish', reason: signal.aborted ? 'cancelled' : 'stop', usage, grade };
  }
}
