/** What a text is compared by: hashes of every run of four words, each once, ascending. */
export type Wording = Uint32Array;

const RUN_WORDS = 4;
const FNV_OFFSET = 2_166_136_261;
const FNV_PRIME = 16_777_619;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const LAST_ASCII = 0x7f;

const isWordCharacter = (code: number): boolean => {
  if (code > LAST_ASCII) return LETTER_OR_DIGIT.test(String.fromCharCode(code));
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
};

/** FNV-1a of each word of a text in lower case. */
function hashWords(text: string): number[] {
  const lower = text.toLowerCase();
  const words: number[] = [];
  let hash = FNV_OFFSET;
  let isInside = false;
  for (let index = 0; index < lower.length; index++) {
    const code = lower.charCodeAt(index);
    if (isWordCharacter(code)) {
      hash = Math.imul(hash ^ code, FNV_PRIME);
      isInside = true;
    } else if (isInside) {
      words.push(hash);
      hash = FNV_OFFSET;
      isInside = false;
    }
  }
  if (isInside) words.push(hash);
  return words;
}

/** The wording of a text; one of fewer than four words has it as its one run. */
export function wordingOf(text: string): Wording {
  const words = hashWords(text);
  const runs = new Set<number>();
  const count = Math.max(1, words.length - RUN_WORDS + 1);
  for (let from = 0; from < count; from++) {
    let hash = FNV_OFFSET;
    for (const word of words.slice(from, from + RUN_WORDS)) hash = Math.imul(hash ^ word, FNV_PRIME);
    runs.add(hash >>> 0);
  }
  return Uint32Array.from(runs).toSorted();
}

/**
 * How alike two wordings are, 0 to 1: the share of all their runs that both have (Jaccard).
 * @see Broder: On the resemblance and containment of documents, 1997.
 */
export function likenessOf(a: Wording, b: Wording): number {
  let [shared, inA, inB] = [0, 0, 0];
  while (inA < a.length && inB < b.length) {
    const [left, right] = [a[inA]!, b[inB]!];
    if (left === right) shared += 1;
    if (left <= right) inA += 1;
    if (right <= left) inB += 1;
  }
  return shared / (a.length + b.length - shared);
}
