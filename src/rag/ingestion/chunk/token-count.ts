const LETTERS_PER_TOKEN = 4.5;
const DIGITS_PER_TOKEN = 3;
const LAST_ASCII = 0x7f;
const LAST_OF_ONE_UNIT = 0xffff;

/** What a character is to the count; 0 is not known yet. */
const SPACE = 1;
const LETTER = 2;
const MARK = 3;
const DIGIT = 4;
const SIGN = 5;
const KINDS: readonly (readonly [RegExp, number])[] = [
  [/^\s/u, SPACE],
  [/^\p{L}/u, LETTER],
  [/^\p{M}/u, MARK],
  [/^\p{N}/u, DIGIT],
];

function lookUp(code: number): number {
  const character = String.fromCodePoint(code);
  return KINDS.find(([pattern]) => pattern.test(character))?.[1] ?? SIGN;
}

/** Kinds of the characters met so far: a text is counted several times while it is cut. */
const known = new Uint8Array(LAST_OF_ONE_UNIT + 1);

function kindOf(code: number): number {
  if (code > LAST_OF_ONE_UNIT) return lookUp(code);
  return (known[code] ||= lookUp(code));
}

/** The tokens of a run of letters: its length in units, and how many of its characters have a mark. */
function tokensOfWord(length: number, marked: number): number {
  return Math.max(1, Math.round((length + marked * 2) / LETTERS_PER_TOKEN));
}

/**
 * About how many tokens a small multilingual model makes of a text. A word costs a token for each 4.5 letters,
 * and half a token more for each letter with a mark, because vocabularies made mostly of English cut words
 * there; digits go by threes; every other sign is one. An estimate: no two models agree, and chunk sizes need
 * no better.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  let [run, length, marked] = [SPACE, 0, 0];
  const close = (): void => {
    if (run === LETTER) tokens += tokensOfWord(length, marked);
    else if (run === DIGIT) tokens += Math.ceil(length / DIGITS_PER_TOKEN);
  };
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!;
    const units = code > LAST_OF_ONE_UNIT ? 2 : 1;
    const kind = kindOf(code);
    const goesOn = kind === run || (kind === MARK && run === LETTER);
    if (!goesOn) {
      close();
      [run, length, marked] = [kind, 0, 0];
    }
    // A sign is a token of its own, and so is a mark that follows no letter.
    if (run === SIGN || run === MARK) tokens += 1;
    length += units;
    if (code > LAST_ASCII) marked += 1;
    at += units;
  }
  close();
  return tokens;
}
