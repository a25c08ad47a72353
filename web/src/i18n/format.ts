import type { Language } from './index.ts';

const LOCALES = { cs: 'cs-CZ', en: 'en-GB' } as const;

// Making one takes longer than a hundred uses of it; there are few kinds.
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify([language, options]);
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(LOCALES[language], options);
  numberFormats.set(key, known);
  return known;
}

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, options]);
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  dateFormats.set(key, known);
  return known;
}

/** `1. 3. 2024` or `1 Mar 2024`; the calendar day in the reader's zone. */
export function formatDate(time: number | string, language: Language): string {
  return dateFormat(language, { dateStyle: 'medium' }).format(new Date(time));
}

/** Day and time of day. */
export function formatTime(time: number | string, language: Language): string {
  return dateFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

export function formatNumber(value: number, language: Language, digits = 0): string {
  return numberFormat(language, { maximumFractionDigits: digits }).format(value);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Bytes in the unit that leaves one to four digits; steps of 1000, as files are shown. */
export function formatBytes(bytes: number, language: Language): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return numberFormat(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

/** A duration in milliseconds below ten seconds, else in seconds or larger units. */
export function formatDuration(durationMs: number, language: Language): string {
  const unit = (value: number, name: string, digits = 0) =>
    numberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value);
  if (durationMs < 10) return unit(durationMs, 'millisecond', 1);
  if (durationMs < 1000) return unit(durationMs, 'millisecond');
  if (durationMs < 60_000) return unit(durationMs / 1000, 'second', 1);
  if (durationMs < 3_600_000) return unit(durationMs / 60_000, 'minute');
  if (durationMs < 172_800_000) return unit(durationMs / 3_600_000, 'hour');
  return unit(durationMs / 86_400_000, 'day');
}
