import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldDiacritics } from '#core/index.ts';
import { textAnalyzer } from '../../src/rag/analysis/analyzer.ts';
import { stemCzech } from '../../src/rag/analysis/stem-czech.ts';
import { skipped } from '../support/test-data.ts';
import { informative, judged, type Proof } from './proof.ts';

// A spelling dictionary gives the forms of a word, and only measures: no rule or list of ours comes from it.
const DICTIONARY = '/usr/share/hunspell';
const LEAST_PAIRS_PERCENT = 88;
// Pairs of different lemmas that the Czech stemmer of snowball-stemmers 0.6.0 takes for one over the same words (with
// diacritics kept, which merges least; folded, as an index must, it is 37,679), and the share of pairs that meet.
const SNOWBALL = { mergedPairs: 17_035, pairsPercent: 72 };
const MOST_MERGES = 1.5;
const QUICK_SHARE = 0.1;

/** A word with its forms. */
interface Lemma {
  readonly word: string;
  readonly forms: readonly string[];
}

interface SuffixRule {
  readonly strip: string;
  readonly add: string;
  readonly fits: RegExp;
}

function decode(path: string): string {
  const bytes = readFileSync(join(DICTIONARY, path));
  const encoding = /SET (\S+)/.exec(readFileSync(join(DICTIONARY, 'cs_CZ.aff'), 'latin1'))?.[1];
  return new TextDecoder(encoding === 'UTF-8' ? 'utf-8' : 'iso-8859-2').decode(bytes);
}

function readSuffixRules(): Map<string, SuffixRule[]> {
  const rules = new Map<string, SuffixRule[]>();
  for (const line of decode('cs_CZ.aff').split(/\r?\n/)) {
    const [kind, flag = '', strip = '', add = '', condition = ''] = line.split(/\s+/);
    if (kind !== 'SFX' || condition === '' || /^\d+$/.test(add)) continue;
    const rule = {
      strip: strip === '0' ? '' : strip,
      add: add === '0' ? '' : add.split('/')[0]!,
      fits: new RegExp(condition === '.' ? '$' : `${condition}$`),
    };
    rules.set(flag, [...(rules.get(flag) ?? []), rule]);
  }
  return rules;
}

// What is made from an adjective is another word, not a case of it: -ost, the comparative, its adverb.
const DERIVED = /(?:ost(?:i|í|em|ech|mi|ma)?|[ěe]jš[íi]\p{L}*|[ěe]ji)$/u;

function formsOf(word: string, flags: string, rules: ReadonlyMap<string, readonly SuffixRule[]>): string[] {
  const fitting = flags
    .split('')
    .flatMap((flag) => rules.get(flag) ?? [])
    .filter(({ strip, fits }) => word.endsWith(strip) && fits.test(word));
  const others = fitting.map(({ strip, add }) => word.slice(0, word.length - strip.length) + add);
  return [...new Set([word, ...others])];
}

/** Nouns and adjectives (what does not end like an infinitive) with at least three forms of theirs. */
function readLemmas(): Lemma[] {
  const rules = readSuffixRules();
  const lemmas: Lemma[] = [];
  for (const line of decode('cs_CZ.dic').split(/\r?\n/).slice(1)) {
    const [word = '', flags = ''] = line.split('\t')[0]!.split('/');
    if (word.length < 4 || flags === '' || /[\p{Lu}.\d-]|(?:t|ci|ti)$/u.test(word)) continue;
    const forms = formsOf(word, flags, rules);
    const isAdjective = /[ýí]$/u.test(word);
    const kept = forms.filter(
      (form) =>
        !form.startsWith('nej') &&
        (word.startsWith('ne') || !form.startsWith('ne')) &&
        !(isAdjective && DERIVED.test(form)),
    );
    if (kept.length < 3) continue;
    lemmas.push({ word, forms: kept });
  }
  return lemmas;
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

function measure(lemmas: readonly Lemma[], stem: (word: string) => string) {
  let pairs = 0;
  let meeting = 0;
  const owners = new Map<string, Set<string>>();
  for (const { word, forms } of lemmas) {
    const counts = new Map<string, number>();
    for (const form of forms) {
      const own = stem(form);
      counts.set(own, (counts.get(own) ?? 0) + 1);
      owners.set(own, (owners.get(own) ?? new Set()).add(word));
    }
    pairs += pairsOf(forms.length);
    for (const count of counts.values()) meeting += pairsOf(count);
  }
  const shared = [...owners.values()].filter((words) => words.size > 1);
  return {
    pairsPercent: (100 * meeting) / pairs,
    sharedPercent: (100 * shared.length) / owners.size,
    mergedPairs: shared.reduce((sum, words) => sum + pairsOf(words.size), 0),
  };
}

/** Share of forms whose terms are the same when they are typed without diacritics. */
function withoutDiacritics(lemmas: readonly Lemma[]): number {
  const forms = lemmas.flatMap((lemma) => lemma.forms);
  const termsOf = (text: string): string => textAnalyzer.analyze(text, 'cs', 'query').stems.join(' ');
  return (
    (100 * forms.filter((form) => termsOf(form) === termsOf(foldDiacritics(form))).length) / forms.length
  );
}

export const proof: Proof = {
  promise:
    'The cases of a Czech noun or adjective are found as one word, and few different words are taken for one.',
  async run({ isQuick }) {
    if (!existsSync(join(DICTIONARY, 'cs_CZ.dic'))) {
      return skipped(`no Czech spelling dictionary in ${DICTIONARY}`);
    }
    const all = readLemmas();
    const step = isQuick ? Math.round(1 / QUICK_SHARE) : 1;
    const lemmas = all.filter((_, index) => index % step === 0);
    const own = measure(lemmas, (word) => stemCzech(foldDiacritics(word)));
    const sample = lemmas.filter((_, index) => index % Math.ceil(lemmas.length / 2000) === 0);
    const bare = withoutDiacritics(sample);
    const figures = [
      judged(
        'pairs of forms that meet',
        `${own.pairsPercent.toFixed(1)} %`,
        `≥ ${LEAST_PAIRS_PERCENT} %`,
        own.pairsPercent >= LEAST_PAIRS_PERCENT,
      ),
      informative('words', lemmas.length),
      informative('pairs that meet with Snowball', `${SNOWBALL.pairsPercent} %`),
      judged('forms typed without diacritics that meet', `${bare.toFixed(1)} %`, '100 %', bare === 100),
    ];
    // False merges grow with the number of words: they compare only over all of them.
    if (isQuick) return { figures };
    return {
      figures: [
        ...figures,
        judged(
          'pairs of different words taken for one',
          own.mergedPairs,
          `≤ ${MOST_MERGES * SNOWBALL.mergedPairs} (1.5 × Snowball's)`,
          own.mergedPairs <= MOST_MERGES * SNOWBALL.mergedPairs,
        ),
        informative('stems that different words share', `${own.sharedPercent.toFixed(2)} %`),
      ],
    };
  },
};
