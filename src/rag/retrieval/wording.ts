/** What a text is compared by: hashes of every run of four words, each once, ascending. */
export type Wording = Uint32Array;

const RUN_WORDS = 4;
const FNV_OFFSET = 2_166_136_261;
const FNV_PRIME = 16_777_619;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** What a character counts as, in lower case; 0 for one that is in no word. */
function codeOf(character: string): number {
  return LETTER_OR_DIGIT.test(character) ? character.toLowerCase().charCodeAt(0) : 0;
}

/** Most of what people write in Latin letters, looked up. */
const KNOWN = Uint16Array.from({ length: 0x250 }, (_, code) => codeOf(String.fromCharCode(code)));

/** FNV-1a of each word of a text in lower case. */
function hashWords(text: string): Uint32Array {
  const words = new Uint32Array((text.length >> 1) + 1);
  let count = 0;
  let hash = FNV_OFFSET;
  let isInside = false;
  for (let index = 0; index < text.length; index++) {
    const raw = text.charCodeAt(index);
    const code = raw < KNOWN.length ? KNOWN[raw]! : codeOf(text.charAt(index));
    if (code !== 0) {
      hash = Math.imul(hash ^ code, FNV_PRIME);
      isInside = true;
    } else if (isInside) {
      words[count++] = hash;
      hash = FNV_OFFSET;
      isInside = false;
    }
  }
  if (isInside) words[count++] = hash;
  return words.subarray(0, count);
}

/** The wording of a text; one of fewer than four words has it as its one run. */
export function wordingOf(text: string): Wording {
  const words = hashWords(text);
  const runs = new Uint32Array(Math.max(1, words.length - RUN_WORDS + 1));
  for (let from = 0; from < runs.length; from++) {
    let hash = FNV_OFFSET;
    const end = Math.min(words.length, from + RUN_WORDS);
    for (let at = from; at < end; at++) hash = Math.imul(hash ^ words[at]!, FNV_PRIME);
    runs[from] = hash;
  }
  runs.sort();
  return runs.subarray(0, dropRepeated(runs));
}

/** Moves the values of an ascending list together, each once; returns how many there are. */
function dropRepeated(values: Uint32Array): number {
  let kept = 0;
  for (let index = 0; index < values.length; index++) {
    if (kept === 0 || values[index] !== values[kept - 1]) values[kept++] = values[index]!;
  }
  return kept;
}

/**
 * How alike two wordings are, 0 to 1: the share of all their runs that both have (Jaccard).
 * @see Broder: On the resemblance and containment of documents, 1997.
 */
export function likenessOf(a: Wording, b: Wording): number {
  let shared = 0;
  let inA = 0;
  let inB = 0;
  while (inA < a.length && inB < b.length) {
    const left = a[inA]!;
    const right = b[inB]!;
    if (left === right) shared += 1;
    if (left <= right) inA += 1;
    if (right <= left) inB += 1;
  }
  return shared / (a.length + b.length - shared);
}
