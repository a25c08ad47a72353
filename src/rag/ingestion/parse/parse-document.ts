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

type Parser = (file: SourceFile) => ParsedDocument | Promise<ParsedDocument>;

/** How each kind of file is read. A kind that is missing cannot be read. */
const PARSERS: Partial<Readonly<Record<Signature, Parser>>> = {
  pdf: (file) => parsePdf(file.bytes, { password: file.password }),
  zip: (file) => parseContainer(file.bytes, new ArchiveBudget()),
  text: parseTextual,
};

/**
 * Reads a file of any supported type, told by its content. Runs in a child process in the product, because the
 * bytes are not to be trusted.
 * @throws {ParseFailure} with the reason why it cannot be read.
 */
export async function parseDocument(file: SourceFile): Promise<ParsedDocument> {
  if (file.bytes.length === 0) throw new ParseFailure('empty');
  const signature = signatureOf(file.bytes);
  const parser = PARSERS[signature];
  if (parser === undefined) throw new ParseFailure('unsupported-type', { type: signature });
  const parsed = markLanguages(await parser(file));
  if (parsed.blocks.length === 0) throw new ParseFailure('empty');
  return parsed;
}
