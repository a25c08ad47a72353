const VERSIONS = /^(?:(.*)\/)?\.versions\/(\d{4}-\d{2}-\d{2})\/(.+)$/su;
const SEPARATED = /(?<![0-9])(\d{4})[-_.](\d{2})[-_.](\d{2})(?![0-9])/gu;
const RUN_TOGETHER = /(?<![0-9])((?:19|20)\d{2})(\d{2})(\d{2})(?![0-9])/gu;
const DAY_FIRST = /(?<![0-9])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?![0-9])/gu;

/** A file as its place in its source tells it. */
export interface DatedPath {
  /** Where the document stands: for an older version the path of the document whose version it is. */
  readonly documentPath: string;
  /** Start of the day that the place names, in UTC; undefined when it names none. */
  readonly validFromMs: number | undefined;
  /** It lies among the older versions, so that its day is stated and not only in a name. */
  readonly isOlderVersion: boolean;
}

function toDayMs(year: string, month: string, day: string): number | undefined {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
  return isDay ? time : undefined;
}

/** The one day that a file name holds; undefined when it holds none, or several: then it is not plain which. */
function dayInName(name: string): number | undefined {
  const days = [
    ...[...name.matchAll(SEPARATED)].map(([, year, month, day]) => toDayMs(year!, month!, day!)),
    ...[...name.matchAll(RUN_TOGETHER)].map(([, year, month, day]) => toDayMs(year!, month!, day!)),
    ...[...name.matchAll(DAY_FIRST)].map(([, day, month, year]) => toDayMs(year!, month!, day!)),
  ].filter((time) => time !== undefined);
  return days.length === 1 ? days[0] : undefined;
}

/**
 * What the path of a file says: `a/.versions/2024-03-01/b.md` is the version of `a/b.md` since that day, and a
 * day in a file's name (`2024-03-01`, `20240301`, `1. 3. 2024`) is the day since which it holds.
 */
export function readDatedPath(path: string): DatedPath {
  const [, above, day, rest] = VERSIONS.exec(path) ?? [];
  if (day === undefined || rest === undefined) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { documentPath: path, validFromMs: dayInName(name), isOlderVersion: false };
  }
  const [year = '', month = '', date = ''] = day.split('-');
  return {
    documentPath: above === undefined ? rest : `${above}/${rest}`,
    validFromMs: toDayMs(year, month, date),
    isOlderVersion: true,
  };
}
