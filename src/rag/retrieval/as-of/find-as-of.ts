import { foldInPlace } from './fold-in-place.ts';
import { readPeriod, type Period } from './read-period.ts';

/** A question that names the time its answer is wanted from: what else it says, and the time. */
export interface DatedQuestion {
  /** The question without the words that name the time. */
  readonly text: string;
  readonly period: Omit<Period, 'end'>;
}

/** Words that announce the time from which an answer is wanted. What is matched is cut, with the time after it. */
interface Announcement {
  readonly words: RegExp;
  /** Over the question up to the announcement: what says that the time is what is asked about. */
  readonly unless?: RegExp;
  /** Over what follows the time, where that must be so. */
  readonly followedBy?: RegExp;
}

const word = (source: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${source})\s+`, 'gu');
const after = (lead: string, source: string): RegExp =>
  new RegExp(String.raw`(?<=(?<![\p{L}\p{N}])(?:${lead})\s+)(?:${source})\s+`, 'gu');

const K = 'ke? dni|ke? datu|ke?';
const V = 've?';
const AT = `${K}|${V}`;
const VALID = String.raw`(?:platn|ucinn)(?:y|a|e|i|ou|eho|emu|em|ych|ym|ymi|ej|om)`;
// Who pays asks about payments: in Czech the verb is the same as of what is valid.
const PAYS = /^\W*(?:kolik|kdo|komu|koho|cim|za)(?!\p{L})/u;
// Somebody came or went, something began: the day belongs to that.
const HAPPENED =
  /(?<!\p{L})(?:who|which (?:employees?|people|persons?)|what chang)(?=.*(?<!\p{L})(?:join|start|left|resign|hired|appoint|promot|chang|sign))|(?<!\p{L})(?:becom|becam|com|cam|enter|tak|took)\p{L}*(?!\p{L})[^.?!]*$/u;
const END = /^\s*[?.!]*\s*$/;

const ANNOUNCEMENTS: readonly Announcement[] = [
  {
    words: word(
      String.raw`(?:podl[ea]|dle|ve|za|ke)\s+(?:stavu|stave)(?:\s+${VALID})?\s+(?:${AT}|ze dne|z|od)`,
    ),
  },
  {
    words: word(
      String.raw`(?:podl[ea]|dle|ve)\s+(?:zneni|verz[ei]|pravidel|podminek|predpisu)(?:\s+${VALID}\s+(?:${AT})|\s+(?:${K}))`,
    ),
  },
  { words: word(String.raw`(?:podl[ea]|dle|ve)\s+(?:zneni|verz[ei])\s+(?:ze dne|ze?)`) },
  { words: after(VALID, AT) },
  { words: after('plati|platil[aoiy]?', K), unless: PAYS },
  { words: after('platilo', V), unless: PAYS },
  // The verb goes with the noun that is asked for, so that it is this one that was valid, and nobody paid it.
  {
    words: after(
      String.raw`(?:jak[ya]|kter[ya])(?:\s+\p{L}+){1,3}\s+platila?|(?:jake|ktere)(?:\s+\p{L}+){1,3}\s+platily`,
      V,
    ),
    followedBy: END,
  },
  { words: after(String.raw`jak\s+(?:to|tomu)(?:\s+tehdy)?\s+bylo(?:\s+s[e]?(?:\s+\p{L}+){1,4})?`, AT) },
  { words: word('as of|as at'), unless: HAPPENED },
  {
    words: after('valid|in force|in effect|effective|applicable|applies', 'on|in|at|during|as of|as at'),
    unless: HAPPENED,
  },
  {
    words: word(
      String.raw`(?:according to|under|by|in)\s+the\s+(?:state|version|wording|rules|terms|policy)\s+(?:valid\s+|in force\s+|in effect\s+)?(?:as of|on|in|at|of|from)`,
    ),
  },
  { words: word(String.raw`as\s+(?:it|they|things)\s+stood\s+(?:on|in|at)`) },
  {
    words: after(
      String.raw`(?:how|what)\s+(?:it was|was it|things were|were things|did it look|it looked)(?:\s+like)?(?:\s+back)?`,
      'on|in|at',
    ),
  },
];
/** A follow-up that names another time and nothing else: "a k 1. 1. 2025?", "and in March 2024?". */
const BARE =
  /^\W*(?:a |ale |and |but )?(?:(?:co |what about |how about )?)(?:ke? dni|ke?|ve?|on|in|as of|at)\s+/u;

interface Found extends Omit<Period, 'end'> {
  readonly start: number;
  readonly end: number;
}

function readAfter(folded: string, { words, unless, followedBy }: Announcement): Found[] {
  return [...folded.matchAll(words)].flatMap((match): Found[] => {
    const start = match.index;
    const period = readPeriod(folded, start + match[0].length);
    if (period === undefined || unless?.test(folded.slice(0, start)) === true) return [];
    if (followedBy?.test(folded.slice(period.end)) === false) return [];
    return [{ ...period, start }];
  });
}

/** Where a question names the time its answer is wanted from; undefined where it names none, or several. */
function findAsOf(folded: string): Found | undefined {
  const found = ANNOUNCEMENTS.flatMap((announcement) => readAfter(folded, announcement)).toSorted(
    (a, b) => a.start - b.start,
  );
  const [first] = found;
  const isOne = found.every(({ fromMs, toMs }) => fromMs === first?.fromMs && toMs === first.toMs);
  return isOne ? first : undefined;
}

/**
 * Reads the time that a question wants its answer from: "podle stavu k 1. 3. 2024", "jak to bylo v roce 2023", "as of
 * March 2024", "valid on 1 January 2025". A date that is announced by no such words is what is asked about, as in "Kdo
 * nastoupil 1. 3. 2024?", and stays; so do two times, which are compared.
 */
export function readAsOf(question: string): DatedQuestion | undefined {
  // Every announcement ends in a year.
  if (!/\d{4}/.test(question)) return undefined;
  const text = question.normalize('NFC');
  const found = findAsOf(foldInPlace(text));
  return found && { text: cut(text, found), period: { fromMs: found.fromMs, toMs: found.toMs } };
}

/** Reads a follow-up that is nothing but another time, after a question that named one. */
export function readBareTime(question: string): Omit<Period, 'end'> | undefined {
  const folded = foldInPlace(question.normalize('NFC'));
  const opening = BARE.exec(folded);
  const period = opening === null ? undefined : readPeriod(folded, opening[0].length);
  if (period === undefined || !END.test(folded.slice(period.end))) return undefined;
  return { fromMs: period.fromMs, toMs: period.toMs };
}

function cut(text: string, { start, end }: Found): string {
  const before = text.slice(0, start).replace(/[\s,(]+$/u, '');
  const rest = text.slice(end).replace(/^[\s,):]+/u, '');
  if (before === '') return rest;
  return /^[?.!]/.test(rest) || rest === '' ? before + rest : `${before} ${rest}`;
}

/**
 * The one moment that a period stands for: its last, so that what held at its end counts; now, where it has not ended
 * yet.
 */
export function momentOf({ fromMs, toMs }: DatedQuestion['period'], nowMs: number): number {
  return fromMs <= nowMs && nowMs < toMs ? nowMs : toMs;
}
