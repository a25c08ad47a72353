import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stemCzech } from '../analysis/stem-czech.ts';
import { findRanges, isInRange } from './number-ranges.ts';
import { isLightWord } from './light-words.ts';
import { isKin, rootsOf } from './word-root.ts';

const areKin = (a: string, b: string): boolean => isKin(rootsOf(stemCzech(a)), rootsOf(stemCzech(b)));

test('verbs meet their other forms and their forms without a prefix', () => {
  for (const [asked, written] of [
    ['zaparkovat', 'parkuji'],
    ['zvednout', 'zvedat'],
    ['nahlasit', 'hlasi'],
    ['odpracovat', 'pracovni'],
  ] as const)
    assert.ok(areKin(asked, written), `${asked} ${written}`);
});

test('words of one family meet though their vowels or last consonants change', () => {
  for (const [asked, written] of [
    ['ohlasuje', 'ohlaseni'],
    ['dolozit', 'dolozka'],
    ['otvira', 'otevira'],
    ['navrhnout', 'navrhuje'],
    ['platit', 'placeni'],
    ['vratit', 'vraci'],
    ['nahradit', 'nahrazuje'],
  ] as const)
    assert.ok(areKin(asked, written), `${asked} ${written}`);
  assert.ok(!areKin('smlouva', 'smena'));
});

test('two words with prefixes of their own do not meet in what is left', () => {
  assert.ok(!areKin('vypoved', 'odpoved'));
  assert.ok(!areKin('zapis', 'predpis'));
});

test('a number lies in the range that a text states', () => {
  const within = (value: string, text: string): boolean => isInRange(value, findRanges(text));
  assert.ok(within('10', '5 až 12 hodin | 165 Kč'));
  assert.ok(within('6', 'rising to two months after five years of service'));
  assert.ok(within('250000', 'Při zakázce nad 200 000 Kč bez DPH'));
  assert.ok(within('17', 'Brigádník mladší 18 let'));
  assert.ok(!within('20', '5 až 12 hodin'));
  assert.ok(!within('75', 'Mzdové listy | 45 let'));
});

test('words of asking count as light, words of the matter do not', () => {
  for (const word of ['chodi', 'budu', 'kvuli', 'vlastni', 'allowed', 'name', 'letos'])
    assert.ok(isLightWord(word), word);
  for (const word of [
    'dovolena',
    'chodba',
    'davka',
    'jednatel',
    'hasici',
    'bratr',
    'budova',
    'pravidla',
    'jistota',
    'plat',
    'soucast',
    'user',
    'allowance',
    'urcita',
  ])
    assert.ok(!isLightWord(word), word);
});
