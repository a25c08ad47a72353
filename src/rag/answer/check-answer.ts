import { segmentSentences, type Citation, type SentenceSupport } from '#core/index.ts';
import { checkSupport } from './citation-check.ts';

/** A stretch of an answer's text as it was given. */
export interface AnswerPart {
  readonly text: string;
  readonly isQuote: boolean;
}

/** What a citation stands for. */
export interface CitedSource {
  readonly citation: Citation;
  readonly language: string;
}

const MARKER = /\[(\d{1,3})\]/gu;
/** Markers that stand behind a full stop belong to the sentence before it. */
const LEADING_MARKERS = /^(?:\s*\[\d{1,3}\])+/u;

interface Stretch {
  readonly start: number;
  readonly text: string;
  readonly isQuote: boolean;
}

/** The parts with their places; what is alike and stands together is one, as a stream cuts text anywhere. */
function toStretches(parts: readonly AnswerPart[]): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  for (const { text, isQuote } of parts) {
    const last = stretches.at(-1);
    if (last !== undefined && !last.isQuote && !isQuote)
      stretches.splice(-1, 1, { ...last, text: last.text + text });
    else stretches.push({ start, text, isQuote });
    start += text.length;
  }
  return stretches;
}

const markersIn = (text: string): number[] => [
  ...new Set([...text.matchAll(MARKER)].map((match) => Number(match[1]))),
];

/** Sentences of generated text with what they cite; a line of list is one too. */
function sentencesOf({
  start,
  text,
}: Stretch): { start: number; end: number; text: string; cited: number[] }[] {
  const sentences: { start: number; end: number; text: string; cited: number[] }[] = [];
  for (const span of segmentSentences(text)) {
    const whole = text.slice(span.start, span.end);
    const leading = LEADING_MARKERS.exec(whole)?.[0] ?? '';
    const last = sentences.at(-1);
    if (leading !== '' && last !== undefined) last.cited.push(...markersIn(leading));
    const body = last === undefined ? whole : whole.slice(leading.length);
    const words = body.replaceAll(MARKER, '');
    if (!/[\p{L}\p{N}]/u.test(words)) continue;
    const at = start + span.end - body.trimStart().length;
    sentences.push({ start: at, end: start + span.end, text: words, cited: markersIn(body) });
  }
  return sentences;
}

/**
 * The verdict on every sentence of an answer. Quotes were compared with the stored text before they were given. Of
 * generated text every sentence must cite, and what it cites must carry it; words beside quotes are our own.
 */
export function checkAnswer(
  parts: readonly AnswerPart[],
  sources: readonly CitedSource[],
): readonly SentenceSupport[] {
  const stretches = toStretches(parts);
  if (stretches.some((stretch) => stretch.isQuote)) {
    return stretches.flatMap(({ start, text, isQuote }, index) => {
      if (!isQuote) return [];
      const next = stretches[index + 1];
      const leading = next === undefined ? '' : (LEADING_MARKERS.exec(next.text)?.[0] ?? '');
      const end = start + text.length;
      return [{ start, end, verdict: 'quoted' as const, citations: markersIn(leading), lacking: [] }];
    });
  }
  const byIndex = new Map(sources.map((source) => [source.citation.index, source]));
  return stretches.flatMap(sentencesOf).map(({ start, end, text, cited }): SentenceSupport => {
    const carried = cited.flatMap((index) => byIndex.get(index) ?? []);
    const [first] = carried;
    if (first === undefined) return { start, end, verdict: 'uncited', citations: [], lacking: [] };
    const texts = carried.map(({ citation: { quote, title, headingPath } }) =>
      [title, ...headingPath, quote].join('\n'),
    );
    const { isSupported, unsupported } = checkSupport(text, texts, first.language);
    return {
      start,
      end,
      verdict: isSupported ? 'supported' : 'unsupported',
      citations: carried.map(({ citation }) => citation.index),
      lacking: unsupported,
    };
  });
}
