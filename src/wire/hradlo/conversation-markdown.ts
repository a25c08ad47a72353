import type { AskCitation } from './ask.ts';
import type { MessagesResponse } from './conversations.ts';

/** The words that stand around the texts. */
export interface ExportWords {
  readonly sources: string;
  readonly generated: string;
}

const WORDS = {
  cs: { sources: 'Zdroje', generated: 'Tuto odpověď napsal stroj. Ověřte si ji ve zdrojích.' },
  en: { sources: 'Sources', generated: 'A machine wrote this answer. Check it against its sources.' },
} as const;

/** Where a citation stands, for people: document, headings. */
export function placeOf(citation: Pick<AskCitation, 'title' | 'headingPath'>): string {
  const headings = citation.headingPath.filter((heading) => heading !== citation.title);
  return [citation.title, ...headings].join(' › ');
}

/** What of an answer is written down. */
export interface WrittenAnswer {
  readonly text: string;
  readonly mode: 'quoted' | 'generated' | undefined;
  readonly citations: readonly Pick<AskCitation, 'index' | 'title' | 'headingPath' | 'quote'>[];
}

/** An answer as Markdown with its sources under it. */
export function answerMarkdown({ text, mode, citations }: WrittenAnswer, words: ExportWords): string {
  const note = mode === 'generated' ? [`*${words.generated}*`] : [];
  const sources = citations.map(
    (citation) => `${citation.index}. ${placeOf(citation)}: „${citation.quote.trim()}“`,
  );
  const list = sources.length === 0 ? [] : [`**${words.sources}**`, sources.join('\n')];
  return [text, ...note, ...list].join('\n\n');
}

/** A conversation as Markdown, as it is downloaded. */
export function conversationMarkdown(
  { conversation, messages }: MessagesResponse,
  language: keyof typeof WORDS,
): string {
  const parts = messages.map((message) => {
    if (message.role === 'user') return `## ${message.content.trim()}`;
    const start = message.events.find((event) => event.type === 'start');
    const citations = message.events.flatMap((event) => (event.type === 'citation' ? [event.citation] : []));
    return answerMarkdown({ text: message.content, mode: start?.mode, citations }, WORDS[language]);
  });
  return `${[`# ${conversation.title}`, ...parts].join('\n\n')}\n`;
}
