import { ArchiveBudget } from './archive/read-archive.ts';
import { parseContainer } from './parse-container.ts';
import { signatureOf, textFormatOf, type Signature } from './document-format.ts';
import { parseHtml } from './html/parse-html.ts';
import { markLanguages } from './language.ts';
import { parseMarkdown } from './markdown/parse-markdown.ts';
import { parsePdf } from './pdf/parse-pdf.ts';
import { ParseFailure } from './parse-failure.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { decodeText } from './text/decode-text.ts';
import { parseCsv } from './text/parse-csv.ts';
import { parsePlainText } from './text/parse-text.ts';

/** A file as it came. The name is a hint between kinds of plain text and nothing else. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  /** Opens an encrypted file, when somebody gave it. */
  readonly password?: string | undefined;
  /** Told after every page that took long to read, so that a watchdog sees that work goes on. */
  readonly onPage?: ((page: number) => void) | undefined;
}

function parseTextual(file: SourceFile): ParsedDocument {
  const { text, encoding } = decodeText(file.bytes);
  const format = textFormatOf(text, file.fileName);
  const parsers: Readonly<Record<string, (source: string) => ParsedDocument>> = {
    markdown: parseMarkdown,
    html: parseHtml,
    csv: parseCsv,
  };
  const parsed = (parsers[format] ?? parsePlainText)(text);
  return { ...parsed, metadata: { ...parsed.metadata, encoding } };
}

async function parseBySignature(signature: Signature, file: SourceFile): Promise<ParsedDocument> {
  switch (signature) {
    case 'pdf':
      return parsePdf(file.bytes, { password: file.password });
    case 'zip':
      return parseContainer(file.bytes, new ArchiveBudget());
    case 'text':
      return parseTextual(file);
    case 'ole':
    case 'rtf':
    case 'image':
    case 'gzip':
    case 'binary':
      throw new ParseFailure('unsupported-type', { type: signature });
  }
}

/**
 * Reads a file of any supported type, told by its content. Runs in a child process in the product, because the
 * bytes are not to be trusted.
 * @throws {ParseFailure} with the reason why it cannot be read.
 */
export async function parseDocument(file: SourceFile): Promise<ParsedDocument> {
  if (file.bytes.length === 0) throw new ParseFailure('empty');
  const signature = signatureOf(file.bytes);
  const parsed = markLanguages(await parseBySignature(signature, file));
  if (parsed.blocks.length === 0) throw new ParseFailure('empty');
  return parsed;
}
