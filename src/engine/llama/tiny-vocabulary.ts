/** A vocabulary in the form that GGUF files carry: texts, scores for merging, and what kind each token is. */
export interface TinyVocabulary {
  readonly tokens: readonly string[];
  readonly scores: readonly number[];
  readonly kinds: readonly number[];
  readonly beginId: number;
  readonly endId: number;
  readonly unknownId: number;
}

const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;
const SPACE = '▁';
const LETTERS = Array.from('etaoinsrhldcumfpgwybvkxjqz');
const OTHERS = Array.from('ETAOINSRHLDCUMFPGWYBVKXJQZáčďéěíňóřšťúůýž0123456789.,;:!?()-"\'/');
const CONTROLS = ['<unk>', '<s>', '</s>', '<|im_start|>', '<|im_end|>'];

/**
 * A made-up vocabulary of about `size` tokens: controls, the 256 bytes, letters, and pairs and triples of common
 * letters, so that any UTF-8 text can be written in it. No third-party data.
 */
export function makeTinyVocabulary(size: number): TinyVocabulary {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const fixed = [...CONTROLS, ...bytes];
  const pieces = piecesOfText(Math.max(0, size - fixed.length));
  const tokens = [...fixed, ...pieces];
  return {
    tokens,
    scores: tokens.map((_, index) => (index < fixed.length ? 0 : -(index - fixed.length))),
    kinds: tokens.map((_, index) => kindAt(index, fixed.length)),
    beginId: CONTROLS.indexOf('<s>'),
    endId: CONTROLS.indexOf('<|im_end|>'),
    unknownId: 0,
  };
}

function kindAt(index: number, fixedCount: number): number {
  if (index === 0) return UNKNOWN;
  if (index < CONTROLS.length) return CONTROL;
  return index < fixedCount ? BYTE : NORMAL;
}

function piecesOfText(count: number): string[] {
  const pieces = new Set([SPACE, ...LETTERS, ...OTHERS]);
  for (const first of [SPACE, ...LETTERS]) for (const second of LETTERS) pieces.add(first + second);
  for (const first of [SPACE, ...LETTERS]) {
    for (const second of LETTERS) for (const third of LETTERS) pieces.add(first + second + third);
  }
  for (let index = 0; pieces.size < count; index++) pieces.add(`${SPACE}${index.toString(36)}q`);
  return [...pieces].slice(0, count);
}
