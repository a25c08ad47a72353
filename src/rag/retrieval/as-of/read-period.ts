import { monthOf } from '../../analysis/months.ts';

/** A day, a month or a year, UTC: its first and its last millisecond. `end` is where its words end in the text. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
  readonly end: number;
}

const DAY_MS = 86_400_000;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;
/** Part of a period that is meant, where one is: the end of a year is its last day. */
const EDGE = String.raw`(?:(?:the )?(?<edge>konc[ie]|zacatku|poslednimu|prvnimu|end of|beginning of|start of)\s(?:the )?)?`;
const WORD = String.raw`\p{L}{3,10}`;
const YEAR = String.raw`(?<year>\d{4})`;
const FORMS: readonly RegExp[] = [
  String.raw`${YEAR}-(?<number>\d{2})-(?<day>\d{2})`,
  String.raw`(?<day>\d{1,2})\.\s?(?<number>\d{1,2})\.\s?${YEAR}`,
  String.raw`(?:the )?(?<day>\d{1,2})(?:\.|st|nd|rd|th)?\s(?:of )?(?<month>${WORD})\.?,?\s${YEAR}`,
  String.raw`(?<month>${WORD})\.?\s(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s${YEAR}`,
  String.raw`${EDGE}(?:mesic[ie]\s)?(?<month>${WORD})\.?,?\s(?:roku\s|r\.\s?|of\s)?${YEAR}`,
  String.raw`${EDGE}(?:(?:the )?year\s|ro(?:ku|ce|k)\s|r\.\s?)?${YEAR}`,
].map((form) => new RegExp(String.raw`${form}(?![\p{L}\p{N}]|[-–./]\d|\s?[-–/]\s?\d)`, 'uy'));
/** Two times are a comparison or a span, and none of them is the day that is meant. */
const GOES_ON =
  /\s(?:a|az|and|to|till|until|nebo|or|i|versus|vs\.?)\s(?:(?:v|ve|k|ke|in|on|do)\s)?(?:roce\s|roku\s)?\d/uy;

/** Reads a date that begins at `at` in a folded text; undefined where there is none, or none of the calendar. */
export function readPeriod(folded: string, at: number): Period | undefined {
  for (const form of FORMS) {
    form.lastIndex = at;
    const match = form.exec(folded);
    const period = match === null ? undefined : toPeriod(match.groups ?? {});
    if (match === null || period === undefined) continue;
    const end = at + match[0].length;
    GOES_ON.lastIndex = end;
    return GOES_ON.test(folded) ? undefined : { ...period, end };
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

function toPeriod({ edge, year, month, number, day }: Groups): Omit<Period, 'end'> | undefined {
  const years = Number(year);
  if (years < FIRST_YEAR || years > LAST_YEAR) return undefined;
  if (month === undefined && number === undefined) return atEdge(edge, [years, 0], [years + 1, 0]);
  const index = (month === undefined ? Number(number) : (monthOf(month) ?? 0)) - 1;
  if (index < 0 || index > 11) return undefined;
  if (day === undefined) return atEdge(edge, [years, index], [years, index + 1]);
  const fromMs = Date.UTC(years, index, Number(day));
  const isOfCalendar = new Date(fromMs).getUTCMonth() === index && Number(day) > 0;
  return isOfCalendar ? { fromMs, toMs: fromMs + DAY_MS - 1 } : undefined;
}

/** From one month to before another one, each as year and number of the month, or the day at one end of it. */
function atEdge(
  edge: string | undefined,
  [year, month]: readonly [number, number],
  [endYear, endMonth]: readonly [number, number],
): Omit<Period, 'end'> {
  const fromMs = Date.UTC(year, month, 1);
  const toMs = Date.UTC(endYear, endMonth, 1) - 1;
  if (edge === undefined) return { fromMs, toMs };
  const isEnd = /^(?:kon|posl|end)/.test(edge);
  return isEnd ? { fromMs: toMs - DAY_MS + 1, toMs } : { fromMs, toMs: fromMs + DAY_MS - 1 };
}
