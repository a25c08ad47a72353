import { createHash } from 'node:crypto';
import { makeId, type DocumentId } from '#core/index.ts';
import type { NewChunk } from '../document-store.ts';
import type { MarkdownSection, MarkdownText } from './markdown.ts';

const TARGET_CHARACTERS = 900;
const CHARACTERS_PER_TOKEN = 4;

/** Sections gathered into chunks: a new one at each heading change, table, or when the target is reached. */
function gather(sections: readonly MarkdownSection[]): MarkdownSection[] {
  const chunks: MarkdownSection[] = [];
  for (const section of sections) {
    const last = chunks.at(-1);
    const isSamePlace =
      last !== undefined &&
      last.kind === section.kind &&
      last.headingPath.join('\u0000') === section.headingPath.join('\u0000');
    if (isSamePlace && section.end - last.start <= TARGET_CHARACTERS) {
      chunks[chunks.length - 1] = { ...last, end: section.end };
    } else chunks.push(section);
  }
  return chunks;
}

/**
 * Cuts a canonical text into chunks whose spans, joined, are that text. A chunk's id comes from its document,
 * its text and how often that text stood before, so unchanged text keeps its id when text elsewhere changes.
 */
export function chunkMarkdown(documentId: DocumentId, parsed: MarkdownText, language: string): NewChunk[] {
  const seen = new Map<string, number>();
  return gather(parsed.sections).map((section) => {
    const text = parsed.text.slice(section.start, section.end);
    const occurrence = seen.get(text) ?? 0;
    seen.set(text, occurrence + 1);
    const digest = createHash('sha256').update(`${documentId}\n${occurrence}\n${text}`).digest();
    return {
      id: makeId('chunk', digest.subarray(0, 16)),
      kind: section.kind,
      headingPath: section.headingPath,
      pageFrom: undefined,
      pageTo: undefined,
      start: section.start,
      end: section.end,
      text,
      tokenCount: Math.ceil(text.length / CHARACTERS_PER_TOKEN),
      language,
    };
  });
}
