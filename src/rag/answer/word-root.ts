import { memoizeWords } from '#core/index.ts';

// Roots of Czech and Slovak words, coarser than the stems of the index: a question asks `zaparkovat`, the rule says
// `parkují`; a question asks `zvednout`, the rule says `zvedat`. Too coarse to search by, good enough to tell whether
// what was found speaks of the same thing.

const VERBAL_ENDING =
  /(?:ovav|ovan|ovat|oval|avaj|avat|aval|avan|nout|ovn|uj|aj|at|al|an|it|il|et|el|en|ut|av|ov|n|t|l)$/;
const VERBAL_PREFIXES = 'pred roz pre pri pro nad pod ode za na od vy po do ob se ne s z u o'.split(' ');
const VERBAL_PREFIX = new RegExp(`^(?:${VERBAL_PREFIXES.join('|')})(?=.)`);
const SHORTEST_ROOT = 4;
/** Marks a root that lost a prefix. */
const BARE = '-';
/**
 * Marks the core of a root: without the vowels inside it, which change from word to word (omluvit, omlouvat), or of a
 * short one with its last consonant as it is before a hard vowel (vracet, vrátit; nahrazen, nahradit).
 */
const CORE = '~';
const SHORTEST_CORE = 4;
/** What makes a noun of a verb: omluvenka, příspěvek, žadatel. */
const NOUN_ENDING = /(?:enk|ovk|itel|tel|nost|ost|ek|ac|k)$/;
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'y'];

/**
 * The roots of a stem: without its verbal ending, and that without a prefix too, marked. Two stems are kin when one's
 * plain root is the other's plain or bare one; two bare roots are not (`výpověď`, `odpověď`). Empty for short stems.
 */
export const rootsOf = memoizeWords((stem: string): readonly string[] => {
  if (stem.length < SHORTEST_ROOT || !/^[a-z]+$/.test(stem)) return [];
  const cut = stem.replace(VERBAL_ENDING, '');
  const plain = cut.length >= SHORTEST_ROOT ? cut : stem;
  const bare = plain.replace(VERBAL_PREFIX, '');
  const roots = bare === plain || bare.length < SHORTEST_ROOT ? [plain] : [plain, BARE + bare];
  return [...roots, CORE + coreOf(stem, plain)];
});

function coreOf(stem: string, plain: string): string {
  const root = plain === stem ? shortened(stem, NOUN_ENDING) : plain;
  // The stemmer makes a last c a k and a last z an h.
  const hard = (root === stem ? root.replace(/k$/, 't').replace(/h$/, 'd') : root)
    .replace(/c$/, 't')
    .replace(/z$/, 'd');
  const core = hard.charAt(0) + hard.slice(1).replaceAll(/[aeiouy]/g, '');
  return core.length < SHORTEST_CORE ? hard : core;
}

function shortened(stem: string, ending: RegExp): string {
  const rest = stem.replace(ending, '');
  return rest.length < SHORTEST_ROOT ? stem : rest;
}

/** Whether a word with these roots is kin to one with the others. */
export function isKin(roots: readonly string[], others: readonly string[]): boolean {
  return roots.some((root) =>
    others.some((other) =>
      root === other ? !root.startsWith(BARE) : areOne(root, other) || areOne(other, root),
    ),
  );
}

/** Whether the bare root is the plain one. */
const areOne = (bare: string, plain: string): boolean =>
  bare.startsWith(BARE) && bare.length === plain.length + BARE.length && bare.endsWith(plain);

/** How every stem begins whose roots are kin to this one. */
export function openingsOfKin(root: string): string[] {
  if (root.startsWith(BARE)) return [root.slice(BARE.length)];
  if (root.startsWith(CORE)) {
    const [first, second] = [root.charAt(1), root.charAt(2)];
    return [...VOWELS, second].map((letter) => first + letter);
  }
  return [root, ...VERBAL_PREFIXES.map((prefix) => prefix + root)];
}
