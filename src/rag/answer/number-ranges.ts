import { findWords, foldDiacritics } from '#core/index.ts';
import { numeralOf } from '../analysis/numerals.ts';

/** Numbers that a text speaks of without naming them: `5 až 12 hodin`, `nad 30 km`, `up to four days`. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

const NUMBER = String.raw`(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?|\p{L}{2,14})`;
const BETWEEN = new RegExp(
  String.raw`(?<![\p{L}\d])${NUMBER}\s?(?:až|–|to|and|a)\s?${NUMBER}(?![\p{L}\d])`,
  'giu',
);
const ABOVE =
  /(?:nad|více než|vice než|déle než|delší než|delším než|starší(?:ch|m)? než|starší(?:m|ch)?|alespoň|nejméně|minimálně|over|more than|longer than|older than|above|after|at least)\s/giu;
const BELOW =
  /(?:pod|méně než|kratší(?:m)? než|mladší(?:m|ch)? než|mladší(?:m|ch)?|nejvýše|nejdéle|maximálně|do|under|less than|up to|at most|within|below)\s/giu;
const FIRST = new RegExp(String.raw`^${NUMBER}`, 'iu');
/** Longer than `zákazníků nejvýše tři`: what is compared stands right behind. */
const REACH = 16;

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = /^\d/.test(text)
    ? text.replaceAll(/[\s\u00a0\u202f]/gu, '').replace(',', '.')
    : numeralOf(foldDiacritics(findWords(text)[0]?.text ?? ''));
  const value = Number(digits);
  return digits === undefined || Number.isNaN(value) ? undefined : value;
}

function compared(text: string, words: RegExp): number[] {
  return [...text.matchAll(words)].flatMap((match) => {
    const after = match.index + match[0].length;
    const value = toNumber(FIRST.exec(text.slice(after, after + REACH))?.[1]);
    return value === undefined ? [] : [value];
  });
}

/** The ranges of numbers that a sentence states, in Czech or English, in digits or words. */
export function findRanges(text: string): NumberRange[] {
  const between = [...text.matchAll(BETWEEN)].flatMap((match) => {
    const [from, to] = [toNumber(match[1]), toNumber(match[2])];
    return from !== undefined && to !== undefined && from < to ? [{ from, to }] : [];
  });
  return [
    ...between,
    ...compared(text, ABOVE).map((from) => ({ from, to: Infinity })),
    ...compared(text, BELOW).map((to) => ({ from: 0, to })),
  ];
}

/** Whether a number lies in one of the ranges. */
export function isInRange(value: string, ranges: readonly NumberRange[]): boolean {
  const number = Number(value);
  return /^\d+(?:\.\d+)?$/.test(value) && ranges.some(({ from, to }) => from <= number && number <= to);
}
