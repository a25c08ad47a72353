const MAX_UNIT = 12;
const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;
// Day 0 of the 1900 system is 1899-12-30 for every date after February 1900, whose 29th day never was.
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);

/** Formats that need no definition in the file, by their number (ECMA-376, 18.8.30). */
export const BUILT_IN_FORMATS: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss',
};

/** A format without quoted text, escapes and conditions, first part only. */
function bare(format: string): string {
  const [first = ''] = format.replace(/"[^"]*"|\\.|_.|\*./gu, '').split(';');
  return first.replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/giu, '');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** A date of a spreadsheet as ISO 8601: the date, the time, or both, as the format shows them. */
function formatDate(serial: number, format: string, is1904: boolean): string {
  const date = new Date(
    (is1904 ? EPOCH_1904_MS : EPOCH_1900_MS) + Math.round(serial * SECONDS_PER_DAY) * 1000,
  );
  if (!Number.isFinite(date.getTime()) || serial < 0 || serial * MS_PER_DAY > 3e14) return String(serial);
  const hasDay = /[yd]|mmm/iu.test(format);
  const day = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}${/s/iu.test(format) ? `:${pad(date.getUTCSeconds())}` : ''}`;
  if (!/[hs]/iu.test(format)) return day;
  return hasDay ? `${day} ${time}` : time;
}

/** A number without the noise of binary fractions. */
export function plainNumber(value: number): string {
  return String(Number(value.toPrecision(15)));
}

/** The unit that a format writes beside its number, and whether before it: `#,##0.00 "Kč"`, `[$€-2] #,##0`. */
function unitOf(format: string): { readonly text: string; readonly isBefore: boolean } | undefined {
  const [first = ''] = format.split(';');
  const written = first
    .replace(/\[\$([^\]-]*)[^\]]*\]/gu, '"$1"')
    .replace(/\[[^\]]*\]|_.|\*./gu, '')
    .replace(/\\(.)/gu, '"$1"');
  const match = /"([^"]*\p{L}[^"]*|[^"]*\p{Sc}[^"]*)"/u.exec(written);
  const text = match?.[1]?.trim();
  if (match === null || text === undefined || text === '' || text.length > MAX_UNIT) return undefined;
  return { text, isBefore: match.index < written.search(/[0#?]/u) };
}

/** A number as its cell shows it: dates, percentages, fixed decimals and units; anything else plain. */
export function formatCell(value: number, format: string, is1904 = false): string {
  const shown = formatNumber(value, format, is1904);
  const unit = /[0#?]/u.test(bare(format)) ? unitOf(format) : undefined;
  if (unit === undefined) return shown;
  return unit.isBefore ? `${unit.text} ${shown}` : `${shown} ${unit.text}`;
}

function formatNumber(value: number, format: string, is1904: boolean): string {
  const shown = bare(format);
  const isDate = /[ymdhs]/iu.test(shown.replace(/general|standard/giu, '')) && !/[0#?]/u.test(shown);
  if (isDate) return formatDate(value, shown, is1904);
  const decimals = /\.(0+)/u.exec(shown)?.[1]?.length;
  if (shown.includes('%')) return `${(value * 100).toFixed(decimals ?? 0)} %`;
  if (/[eE]\+/u.test(shown) || !/[0#]/u.test(shown)) return plainNumber(value);
  return decimals === undefined
    ? plainNumber(/^[#,0]+$/u.test(shown) ? Math.round(value) : value)
    : value.toFixed(decimals);
}
