import { answerMarkdown, type ExportWords } from '#wire/hradlo/index.ts';
import { textOf, type Answer } from './answer.ts';

/** Where a question looks: names of collections (none means everywhere) and the day whose versions count. */
export interface Scope {
  readonly model: string;
  readonly collections: readonly string[];
  /** `2024-03-01`; undefined is today. */
  readonly asOf: string | undefined;
}

export const EVERYTHING: Scope = { model: 'hradlo', collections: [], asOf: undefined };

/** A question and its answer. */
export interface Turn {
  readonly id: string;
  readonly question: string;
  readonly askedAtMs: number;
  readonly scope: Scope;
  readonly answer: Answer;
}

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly turns: readonly Turn[];
  /** Whether its turns were read; else only its name is known. */
  readonly isWhole: boolean;
}

export { titleOf } from '#wire/hradlo/index.ts';

/** Whether an answer of it is being made. */
export function isAnswering({ turns }: Conversation): boolean {
  const state = turns.at(-1)?.answer.state;
  return state === 'waiting' || state === 'streaming';
}

/** Text for comparing: lower case, without diacritics, so that `vypoved` finds `výpověď`. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Those whose name holds every word of `query`, newest first. */
export function searchTitles<Item extends { readonly title: string; readonly updatedAtMs: number }>(
  items: readonly Item[],
  query: string,
): readonly Item[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const newest = items.toSorted((a, b) => b.updatedAtMs - a.updatedAtMs);
  if (words.length === 0) return newest;
  return newest.filter(({ title }) => {
    const folded = fold(title);
    return words.every((word) => folded.includes(word));
  });
}

export type Age = 'today' | 'yesterday' | 'week' | 'older';
const DAY_MS = 86_400_000;

/** How old a time is in calendar days of the reader's zone. */
export function ageOf(timeMs: number, nowMs: number): Age {
  const midnight = new Date(nowMs).setHours(0, 0, 0, 0);
  if (timeMs >= midnight) return 'today';
  if (timeMs >= midnight - DAY_MS) return 'yesterday';
  return timeMs >= midnight - 7 * DAY_MS ? 'week' : 'older';
}

/** An answer as Markdown with its sources under it. */
export function toMarkdown(answer: Answer, words: ExportWords): string {
  return answerMarkdown({ text: textOf(answer), mode: answer.mode, citations: answer.citations }, words);
}
