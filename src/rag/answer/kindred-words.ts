import { memoizeWords } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';
import type { Language } from '../analysis/language.ts';
import { rootsOf } from './word-root.ts';
import { KINDRED_GROUPS } from './kindred-groups.ts';

type Groups = ReadonlyMap<string, readonly ReadonlySet<string>[]>;
let groupsByStem: Groups | undefined;

/** Stems of the words of a side, in Czech with their roots: verbs are listed in one form and written in many. */
function stemsOf(phrases: string, language: Language): string[] {
  const texts = phrases.split(',').map((phrase) => phrase.trim().replaceAll('-', ' '));
  const stems = texts.flatMap((text) => analyze(text, language).map(({ stem }) => stem));
  return language === 'cs' ? stems.flatMap((stem) => [stem, ...rootsOf(stem).slice(0, 1)]) : stems;
}

function readGroups(): Groups {
  const groups = new Map<string, ReadonlySet<string>[]>();
  for (const line of KINDRED_GROUPS.trim().split('\n')) {
    const [czech = '', english = ''] = line.split('|');
    const stems = new Set([...stemsOf(czech, 'cs'), ...stemsOf(english, 'en')]);
    for (const stem of stems) groups.set(stem, [...(groups.get(stem) ?? []), stems]);
  }
  return groups;
}

/** Stems and roots, in Czech and English, of words for the same matter; empty for a stem in no group. Read at the first question. */
export const kindredOf = memoizeWords((stem: string): ReadonlySet<string> => {
  groupsByStem ??= readGroups();
  const positive = stem.startsWith('ne') ? stem.slice(2) : stem;
  const forms = [stem, rootsOf(stem)[0] ?? stem, positive, rootsOf(positive)[0] ?? positive];
  const known = forms.find((form) => groupsByStem?.has(form) === true);
  const found = known === undefined ? [] : (groupsByStem.get(known) ?? []);
  return new Set(found.flatMap((group) => [...group]));
});
