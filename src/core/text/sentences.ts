import type { Span } from '../evidence.ts';
import { isPlainLetter } from './words.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

// Abbreviations that are followed by more of the same sentence, in Czech, Slovak and English, without the dot.
const INNER = set(
  'tzv tj tzn např napr resp popř popr příp prip mj č čl odst písm pism ods písm ul nám tel str obr tab roč sv st ' +
    'dr mgr ing bc judr mudr mvdr phdr rndr paeddr thdr doc prof csc gen plk pplk mr mrs ms messrs vs viz pozn srov ' +
    'násl kap par ust zn sp čj cca ca max min p pp n r s o z vol ed eds nos fig figs sec art cl para approx ' +
    'dept est prof rev hon gov sen rep e.g i.e cf al lit',
);
// Abbreviations that may also close a sentence: what follows decides.
const CLOSING = set(
  'atd apod aj ap sb coll etc inc ltd co corp jr sr a.m p.m mil mld tis hod no kč s.r.o a.s spol v.o.s k.s o.p.s z.s s.p u.s u.k',
);
const COMPANY_FORMS = set('s.r.o a.s spol v.o.s k.s o.p.s z.s s.p inc ltd co corp jr sr u.s u.k');

const BOUNDARY = /[.!?…]+["“”„'’)\]»]*\s+|\s*\n\s*/gu;
const LIST_MARKER =
  /^\s*(?:[-*+•–▪◦·]|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[\p{L}]|[ivxIVX]{1,5})[.)]|§\s*\d+[a-z]?\.?|(?:čl|čl)\.\s*[\dIVX]+\.?)$/u;
/** A line of cells: bars or tabs between them. */
const TABLE_ROW = /^\s*\||\s\|\s|\t/u;
const LABELLED =
  /(?:hal|budov|blok|sekc|variant|příloh|tříd|skupin|kategori|část|typ|verz|vchod|stupn|annex|appendix|building|section|class|type|group|category|version|option|part|schedule|vitam[ií]n|level|block)\p{L}*\s\p{Lu}\.["”)]*$/iu;
const LAST_WORD = /(?:^|[\s("„“'[–-])([\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:\.\s?\p{L}{1,3})*)\.["“”„'’)\]»]*$/u;

/**
 * Sentences in reading order: half-open spans without white space at their ends. Together they hold every
 * character that is not white space. A line break ends a sentence unless the line was only wrapped; headings,
 * list items and table rows are sentences of their own.
 */
export function segmentSentences(text: string): Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(BOUNDARY)) {
    const end = match.index + match[0].trimEnd().length;
    const next = match.index + match[0].length;
    if (next < text.length && !endsSentence(text, { start, end }, { next, gap: match[0] })) continue;
    pushTrimmed(sentences, text, start, end);
    start = next;
  }
  pushTrimmed(sentences, text, start, text.length);
  return sentences;
}

function pushTrimmed(sentences: Span[], text: string, from: number, to: number): void {
  const slice = text.slice(from, to);
  const trimmed = slice.trim();
  if (trimmed === '') return;
  const start = from + slice.length - slice.trimStart().length;
  sentences.push({ start, end: start + trimmed.length });
}

function endsSentence(text: string, head: Span, after: { next: number; gap: string }): boolean {
  // The last 40 characters suffice for every rule and keep the work linear.
  const start = Math.max(head.start, head.end - 40);
  const tail = text.slice(start, head.end);
  const following = text.slice(after.next, after.next + 12);
  if (after.gap.includes('\n')) {
    if (/\n[^\S\n]*\n/u.test(after.gap)) return true;
    if (start === head.start && LIST_MARKER.test(tail)) return false;
    return !isWrapped(text, head, after.next);
  }
  if (start === head.start && LIST_MARKER.test(tail)) return false;
  if (/^\p{Ll}/u.test(following)) return false;
  if (/[.!?]{2,}|[!?…]/u.test(tail.slice(-3))) return true;
  if (/\d\.["“”)\]]*$/u.test(tail) && /^\d/u.test(following)) return false;
  return !isAbbreviation(tail, following);
}

/** The last word of a text that ends in a dot, with the dots inside it; undefined when no word stands there. */
function lastWord(tail: string): string | undefined {
  let start = tail.length - 1;
  while (start > 0 && isPlainLetter(tail.charCodeAt(start - 1))) start--;
  // Most are one word between a space and a full stop.
  const isAlone = start === 0 || (tail[start - 1] === ' ' && tail[start - 2] !== '.');
  if (isAlone && start < tail.length - 1 && tail.endsWith('.')) return tail.slice(start, -1);
  return LAST_WORD.exec(tail)?.[1]?.normalize('NFC');
}

function isAbbreviation(tail: string, following: string): boolean {
  const word = lastWord(tail);
  if (word === undefined) return false;
  // An initial (J. Novák), unless the letter is a label: hala B, Annex C.
  if (/^\p{Lu}$/u.test(word)) return !LABELLED.test(tail);
  const key = word.toLowerCase().replaceAll(/\s/gu, '');
  if (INNER.has(key)) return true;
  if (!CLOSING.has(key)) return false;
  return COMPANY_FORMS.has(key) || !/^["„“(]?\p{Lu}/u.test(following);
}

// A wrapped line is long and goes on in lower case, or breaks off in the middle of a clause.
function isWrapped(text: string, head: Span, next: number): boolean {
  const line = text.slice(Math.max(head.start, text.lastIndexOf('\n', head.end - 1) + 1), head.end);
  const nextEnd = text.indexOf('\n', next);
  const following = text.slice(next, nextEnd < 0 ? next + 200 : nextEnd);
  if (/[.!?:;]["“”)\]]*$/u.test(line) || TABLE_ROW.test(line) || TABLE_ROW.test(following)) return false;
  if (/^(?:[-*+•–▪◦·§]|\(?\p{L}\)|\d{1,3}[.)]\s|\(\d)/u.test(following)) return false;
  if (/^\p{Ll}/u.test(following)) return line.length >= 45;
  return line.length >= 65 && /(?:,|\s\p{Ll}{1,3})$/u.test(line);
}
