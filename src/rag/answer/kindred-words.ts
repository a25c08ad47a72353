import { memoizeWords } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';
import type { Language } from '../analysis/language.ts';
import { KINDRED_GROUPS } from './kindred-groups.ts';

type Groups = ReadonlyMap<string, readonly ReadonlySet<string>[]>;
let groupsByStem: Groups | undefined;

function stemsOf(phrases: string, language: Language): string[] {
  return phrases
    .split(',')
    .flatMap((phrase) => analyze(phrase.trim().replaceAll('-', ' '), language).map(({ stem }) => stem));
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

/** Stems, in Czech and English, of words for the same matter; empty for a stem in no group. Read at the first question. */
export const kindredOf = memoizeWords((stem: string): ReadonlySet<string> => {
  groupsByStem ??= readGroups();
  const found = groupsByStem.get(stem) ?? [];
  return new Set(found.flatMap((group) => [...group]));
});
