import { textOf, placeOf, type Answer } from './answer.ts';

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
}

const TITLE_CHARACTERS = 60;

/** A conversation's name, taken from its first question, cut at a word. */
export function titleOf(question: string): string {
  const line = question.trim().replaceAll(/\s+/g, ' ');
  if (line.length <= TITLE_CHARACTERS) return line;
  const cut = line.slice(0, TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARACTERS / 2)).trimEnd()}…`;
}

/** Text for comparing: lower case, without diacritics, so that `vypoved` finds `výpověď`. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Conversations whose name, questions or answers hold every word of `query`, newest first. */
export function searchConversations(
  conversations: readonly Conversation[],
  query: string,
): readonly Conversation[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const newest = conversations.toSorted((a, b) => b.updatedAtMs - a.updatedAtMs);
  if (words.length === 0) return newest;
  return newest.filter((conversation) => {
    const turns = conversation.turns.map((turn) => `${turn.question} ${textOf(turn.answer)}`);
    const text = fold([conversation.title, ...turns].join(' '));
    return words.every((word) => text.includes(word));
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

interface Words {
  readonly sources: string;
  readonly generated: string;
}

/** An answer as Markdown with its sources under it. */
export function toMarkdown(answer: Answer, words: Words): string {
  const note = answer.mode === 'generated' ? [`*${words.generated}*`] : [];
  const sources = answer.citations.map(
    (citation) => `${citation.index}. ${placeOf(citation)}: „${citation.quote.trim()}“`,
  );
  const list = sources.length === 0 ? [] : [`**${words.sources}**`, sources.join('\n')];
  return [textOf(answer), ...note, ...list].join('\n\n');
}

/** A conversation as Markdown, as it is downloaded. */
export function exportConversation(conversation: Conversation, words: Words): string {
  const turns = conversation.turns.map(
    (turn) => `## ${turn.question.trim()}\n\n${toMarkdown(turn.answer, words)}`,
  );
  return `${[`# ${conversation.title}`, ...turns].join('\n\n')}\n`;
}
