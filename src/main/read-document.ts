import { digestOf } from '#platform/index.ts';
import { chunkMarkdown, readMarkdown } from '#rag/index.ts';
import type { ReadOutcome, ReadRequest } from '#usecases/index.ts';

/** Digest of what turns bytes into chunks; a change of it makes the next look at a source read everything anew. */
export const PIPELINE_DIGEST = digestOf('hradlo.pipeline/1');

const DEFAULT_LANGUAGE = 'cs';

/** Reads a document into its canonical text and chunks. */
export async function readDocument({ bytes, fileName, documentId }: ReadRequest): Promise<ReadOutcome> {
  if (!fileName.endsWith('.md')) {
    const type = fileName.slice(fileName.lastIndexOf('.') + 1);
    const message = `Files of the type "${type}" cannot be read.`;
    return { refused: { code: 'unsupported-type', message, detail: { type } } };
  }
  const parsed = readMarkdown(new TextDecoder().decode(bytes));
  return {
    content: {
      title: parsed.title,
      language: DEFAULT_LANGUAGE,
      mediaType: 'text/markdown',
      text: parsed.text,
      chunks: chunkMarkdown(documentId, parsed, DEFAULT_LANGUAGE),
      pageCount: 0,
      file: {},
      layout: undefined,
      innerFiles: [],
    },
  };
}
