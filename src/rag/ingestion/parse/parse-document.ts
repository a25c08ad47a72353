import { setImmediate } from 'node:timers/promises';
import { ArchiveBudget } from './archive/read-archive.ts';
import { signatureOf, textFormatOf, type Signature } from './document-format.ts';
import type { NamedDocument } from './join-documents.ts';
import { markLanguages } from './language.ts';
import { readGzip } from './archive/read-tar.ts';
import { ParseFailure } from './parse-failure.ts';
import type { DocumentFormat, ParsedDocument } from './parsed-document.ts';
import { decodeText } from './text/decode-text.ts';
import { parseCsv } from './text/parse-csv.ts';
import { parsePlainText } from './text/parse-text.ts';

/** A file as it came. The name is a hint between kinds of plain text and nothing else. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  /** Tried one after the other on an encrypted file. */
  readonly passwords?: readonly string[] | undefined;
  /** Told when a reader takes it up; until then it waits for its turn. */
  readonly onBegin?: (() => void) | undefined;
  /** What its answer is found under when nobody hears it; one that is given files is not kept so. */
  readonly answerName?: string | undefined;
  /** Told what a reader answered, as it came and not checked yet; `readDocumentMessage` reads it. */
  readonly onAnswer?: ((message: Uint8Array) => void) | undefined;
  /** Told after every page that took long to read, so that a watchdog sees that work goes on. */
  readonly onPage?: ((page: number) => void) | undefined;
  /** Takes the files that an archive or message carries, to be documents of their own; else they join its text. */
  readonly onInner?: ((inner: CarriedFile) => void) | undefined;
}

/** A file that another one carries. */
export interface CarriedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** One file and those inside of it share a budget; `depth` counts how far inside this one is. */
interface Context {
  readonly budget: ArchiveBudget;
  readonly depth: number;
}

type Parser = (file: SourceFile, context: Context) => Promise<ParsedDocument>;

/** A message or archive deep inside of others is not followed further. */
const MAX_DEPTH = 8;

/** Reads a file that another one carries: its failure is noted, only a broken budget ends the whole. */
function innerParser(file: SourceFile, context: Context) {
  return async (inner: { readonly bytes: Uint8Array; readonly fileName: string }): Promise<NamedDocument> => {
    const name = inner.fileName;
    if (context.depth === 1 && file.onInner !== undefined) {
      file.onInner(inner);
      return { name, parsed: undefined, failure: undefined };
    }
    if (context.depth >= MAX_DEPTH) return { name, parsed: undefined, failure: 'too-deep' };
    try {
      const parsed = await parseOne({ ...file, ...inner }, { ...context, depth: context.depth + 1 });
      return { name, parsed, failure: undefined };
    } catch (error) {
      if (!(error instanceof ParseFailure)) return { name, parsed: undefined, failure: 'damaged' };
      if (error.reason === 'archive-bomb' || error.reason === 'path-traversal') throw error;
      return { name, parsed: undefined, failure: error.reason };
    }
  };
}

// Each parser is loaded when a file needs it: the first Markdown need not wait for the library that reads PDFs.
const load = {
  markdown: async () => (await import('./markdown/parse-markdown.ts')).parseMarkdown,
  html: async () => (await import('./html/parse-html.ts')).parseHtml,
  xml: async () => (await import('./markup/parse-xml-document.ts')).parseXmlDocument,
  mail: async () => (await import('./mail/parse-mail.ts')).parseMail,
  pdf: async () => (await import('./pdf/parse-pdf.ts')).parsePdf,
  container: () => import('./parse-container.ts'),
  compound: async () => (await import('./legacy/parse-compound.ts')).parseCompound,
  rtf: async () => (await import('./office/parse-rtf.ts')).parseRtf,
  image: async () => (await import('./ocr/parse-image.ts')).parseImage,
} as const;

/** Loads all parsers, the likeliest first, until there is something else to do. */
export async function loadParsers(signal: AbortSignal): Promise<void> {
  for (const one of Object.values(load)) {
    // A turn of the event loop, so that a file which came meanwhile is seen.
    await setImmediate();
    if (signal.aborted) return;
    await one();
  }
}

type TextParser = (source: string) => ParsedDocument;
const TEXTUAL: Partial<Readonly<Record<DocumentFormat, () => Promise<TextParser>>>> = {
  markdown: load.markdown,
  html: load.html,
  xml: load.xml,
};

/** The encoding that markup declares of itself. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const declared =
    /<\?xml[^>]*\bencoding=["']([\w-]+)["']/iu.exec(head) ?? /<meta[^>]*\bcharset=["']?([\w-]+)/iu.exec(head);
  return declared?.[1];
}

async function parseTextual(file: SourceFile, context: Context): Promise<ParsedDocument> {
  const { text, encoding } = decodeText(file.bytes, declaredEncoding(file.bytes));
  const format = textFormatOf(text, file.fileName);
  if (format === 'eml') return (await load.mail())(file.bytes, innerParser(file, context));
  const plain = format === 'csv' ? parseCsv : parsePlainText;
  const parsed = ((await TEXTUAL[format]?.()) ?? plain)(text);
  return { ...parsed, metadata: { ...parsed.metadata, encoding } };
}

/** How each kind of file is read. A kind that is missing cannot be read. */
const PARSERS: Partial<Readonly<Record<Signature, Parser>>> = {
  pdf: async (file) => (await load.pdf())(file.bytes, { passwords: file.passwords, onPage: file.onPage }),
  image: async (file) => (await load.image())(file.bytes),
  zip: async (file, context) => {
    context.budget.checkDepth(context.depth);
    const { parseContainer } = await load.container();
    const { budget } = context;
    return parseContainer(
      file.bytes,
      { budget, passwords: file.passwords ?? [] },
      innerParser(file, context),
    );
  },
  ole: async (file, context) =>
    (await load.compound())(file.bytes, {
      passwords: file.passwords ?? [],
      parseInner: innerParser(file, context),
      parseOpened: (bytes) => parseOne({ ...file, bytes }, { ...context, depth: context.depth + 1 }),
    }),
  tar: async (file, context) => {
    context.budget.checkDepth(context.depth);
    const { parseTar } = await load.container();
    return parseTar(file.bytes, context.budget, innerParser(file, context));
  },
  gzip: (file, context) => {
    context.budget.checkDepth(context.depth);
    const bytes = readGzip(file.bytes, context.budget);
    const fileName = file.fileName.replace(/\.gz$/iu, '');
    return parseOne({ ...file, bytes, fileName }, { ...context, depth: context.depth + 1 });
  },
  rtf: async (file) => (await load.rtf())(file.bytes),
  text: parseTextual,
};

async function parseOne(file: SourceFile, context: Context): Promise<ParsedDocument> {
  if (file.bytes.length === 0) throw new ParseFailure('empty');
  const signature = signatureOf(file.bytes);
  const parser = PARSERS[signature];
  if (parser === undefined) throw new ParseFailure('unsupported-type', { type: signature });
  const parsed = await parser(file, context);
  // An archive has no text of its own when what it carries was handed out.
  const mayBeEmpty = context.depth === 1 && file.onInner !== undefined && signature === 'zip';
  if (parsed.blocks.length === 0 && !mayBeEmpty) throw new ParseFailure('empty');
  return parsed;
}

/**
 * Reads a file of any supported type, told by its content. Runs in a child process in the product, because the
 * bytes are not to be trusted.
 * @throws {ParseFailure} with the reason why it cannot be read.
 */
export async function parseDocument(file: SourceFile): Promise<ParsedDocument> {
  return markLanguages(await parseOne(file, { budget: new ArchiveBudget(), depth: 1 }));
}
