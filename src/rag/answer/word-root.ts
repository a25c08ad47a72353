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
 * The roots of a stem: without its verbal ending, and that without a prefix too, marked. Two stems are kin when one's
 * plain root is the other's plain or bare one; two bare roots are not (`výpověď`, `odpověď`). Empty for short stems.
 */
export const rootsOf = memoizeWords((stem: string): readonly string[] => {
  if (stem.length < SHORTEST_ROOT || !/^[a-z]+$/.test(stem)) return [];
  const cut = stem.replace(VERBAL_ENDING, '');
  const plain = cut.length >= SHORTEST_ROOT ? cut : stem;
  const bare = plain.replace(VERBAL_PREFIX, '');
  return bare === plain || bare.length < SHORTEST_ROOT ? [plain] : [plain, BARE + bare];
});

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
  return [root, ...VERBAL_PREFIXES.map((prefix) => prefix + root)];
}
