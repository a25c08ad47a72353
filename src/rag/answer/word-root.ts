import { memoizeWords } from '#core/index.ts';

// Roots of Czech and Slovak words, coarser than the stems of the index: a question asks `zaparkovat`, the rule says
// `parkují`; a question asks `zvednout`, the rule says `zvedat`. Too coarse to search by, good enough to tell whether
// what was found speaks of the same thing.

const VERBAL_ENDING =
  /(?:ovav|ovan|ovat|oval|avaj|avat|aval|avan|nout|ovn|uj|aj|at|al|an|it|il|et|el|en|ut|av|ov|n|t|l)$/;
const VERBAL_PREFIX = /^(?:pred|roz|pre|pri|pro|nad|pod|ode|za|na|od|vy|po|do|ob|se|ne|s|z|u|o)(?=.)/;
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

/** Whether a word with these roots is kin to one whose roots are among `others`. */
export function isKin(roots: readonly string[], others: ReadonlySet<string>): boolean {
  return roots.some((root) =>
    root.startsWith(BARE) ? others.has(root.slice(1)) : others.has(root) || others.has(BARE + root),
  );
}
