import { AppError } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';

/** Phrases of one meaning. Of a one-way group only what stands first is looked for by the others too. */
export interface SynonymGroup {
  readonly phrases: readonly string[];
  readonly isOneWay: boolean;
}

/** How much a list may hold: it is read whole for every question. */
export const SYNONYM_LIMITS = { bytes: 200_000, groups: 2_000, phrases: 8, characters: 80 } as const;

const ONE_WAY = /\s*(?:=>|->|→)\s*/u;
const BOTH_WAYS = /\s*[,;=]\s*/u;

/**
 * Reads a list of synonyms: one group a line, `ŘP = řidičský průkaz` or `home office, práce z domova`; `auto => osobní
 * automobil` looks for the right side too where the left is asked for, and not the other way round. `#` begins a remark.
 * @throws {AppError} input.invalid, with the line; input.too_large.
 */
export function parseSynonyms(text: string): readonly SynonymGroup[] {
  if (Buffer.byteLength(text) > SYNONYM_LIMITS.bytes)
    throw new AppError('input.too_large', `A list of synonyms holds at most ${SYNONYM_LIMITS.bytes} bytes.`);
  const lines = text.normalize('NFC').split(/\r\n|\r|\n/u);
  const groups = lines.flatMap((line, index) => {
    const plain = line
      .replace(/^\u{feff}/u, '')
      .replace(/(?:^|\s)#.*$/u, '')
      .trim();
    return plain === '' ? [] : [parseGroup(plain, index + 1)];
  });
  if (groups.length > SYNONYM_LIMITS.groups)
    throw new AppError(
      'input.too_large',
      `A list of synonyms holds at most ${SYNONYM_LIMITS.groups} groups.`,
    );
  return groups;
}

function parseGroup(line: string, number: number): SynonymGroup {
  const sides = line.split(ONE_WAY);
  if (sides.length > 2) throw refusal(number, 'has more than one arrow');
  const [left = '', right] = sides;
  const phrases = [left, ...(right === undefined ? [] : [right])]
    .flatMap((side) => side.split(BOTH_WAYS))
    .map((phrase) => phrase.replaceAll(/\s+/gu, ' ').trim());
  if (right !== undefined && BOTH_WAYS.test(left))
    throw refusal(number, 'has more than one phrase before its arrow');
  if (phrases.length < 2 || phrases.includes(''))
    throw refusal(number, 'needs two phrases or more, and none of them empty');
  if (phrases.length > SYNONYM_LIMITS.phrases)
    throw refusal(number, `has more than ${SYNONYM_LIMITS.phrases} phrases`);
  for (const phrase of phrases) checkPhrase(phrase, number);
  return { phrases, isOneWay: right !== undefined };
}

function checkPhrase(phrase: string, number: number): void {
  if (phrase.length > SYNONYM_LIMITS.characters)
    throw refusal(number, `has a phrase of more than ${SYNONYM_LIMITS.characters} characters`);
  // What says nothing in both languages cannot be looked for.
  if (analyze(phrase, 'cs').length === 0 && analyze(phrase, 'en').length === 0)
    throw refusal(number, `has a phrase without a word that can be looked for: "${phrase}"`);
}

function refusal(line: number, what: string): AppError {
  return new AppError('input.invalid', `Line ${line} of the synonyms ${what}.`, {
    details: { param: 'text', line },
  });
}
