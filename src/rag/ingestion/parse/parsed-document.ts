import type { Span } from '#core/index.ts';

/** What the bytes are, told by their content and not by the name of the file. */
export const DOCUMENT_FORMATS = [
  'pdf',
  'docx',
  'xlsx',
  'xlsb',
  'pptx',
  'odt',
  'ods',
  'odp',
  'rtf',
  'doc',
  'xls',
  'ppt',
  'msg',
  'html',
  'epub',
  'markdown',
  'csv',
  'text',
  'xml',
  'eml',
  'zip',
  'image',
] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** A rectangle on a page in PDF points (1/72 inch) from the top left corner: x0, y0, x1, y1. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** A page as a person sees it, rotation applied. */
export interface Page {
  /** From 1. */
  readonly number: number;
  readonly width: number;
  readonly height: number;
  /** Where the text was read from the picture: mean confidence from 0 to 1. */
  readonly ocrConfidence?: number | undefined;
}

/** Where a stretch of a block's text stands on paper. `start` and `end` count in the block's own text. */
export interface Word extends Span {
  readonly page: number;
  readonly box: Box;
}

/** A cell; `start` and `end` count in the text of its block. A cell that spans others is listed once. */
export interface TableCell extends Span {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly isHeader: boolean;
}

/** A table as a model, cells in reading order. */
export interface TableModel {
  readonly rows: number;
  readonly columns: number;
  readonly cells: readonly TableCell[];
  /** The table began on this page and this block is all of it. */
  readonly continuedFromPage?: number | undefined;
}

interface BlockBase {
  readonly text: string;
  /** The page that the block begins on; undefined when the format has none. */
  readonly page?: number | undefined;
  readonly box?: Box | undefined;
  readonly words?: readonly Word[] | undefined;
  /** BCP 47; undefined when the text is too short to tell. */
  readonly language?: string | undefined;
}

/**
 * A part of a document in reading order. `label` is the numbering as it is written (`1.2`, `§ 5`, `b)`) and
 * stands in the text too; a bullet does not.
 */
export type Block =
  | (BlockBase & { readonly kind: 'heading'; readonly level: number; readonly label?: string | undefined })
  | (BlockBase & { readonly kind: 'paragraph' })
  | (BlockBase & { readonly kind: 'list-item'; readonly level: number; readonly label?: string | undefined })
  | (BlockBase & { readonly kind: 'table'; readonly table: TableModel })
  | (BlockBase & { readonly kind: 'footnote'; readonly label?: string | undefined })
  | (BlockBase & { readonly kind: 'code' })
  | (BlockBase & { readonly kind: 'quote' });
export type BlockKind = Block['kind'];

/** Why a stretch of the source is not in the text. */
export const REMOVAL_REASONS = [
  'header',
  'footer',
  'page-number',
  'watermark',
  'navigation',
  'boilerplate',
  'comment',
  'deleted',
  'hidden',
] as const;
export type RemovalReason = (typeof REMOVAL_REASONS)[number];

/** Text that was left out, kept beside the document so that nothing disappears in silence. */
export interface RemovedRange {
  readonly reason: RemovalReason;
  readonly text: string;
  readonly page?: number | undefined;
  readonly box?: Box | undefined;
}

/** A link in the document; never followed. */
export interface Link {
  readonly text: string;
  readonly target: string;
}

/** A picture in the document and what its author says of it. */
export interface ImageNote {
  readonly description: string;
  readonly page?: number | undefined;
  readonly box?: Box | undefined;
}

/** What a reader of the result should know: a code with its parameters. */
export interface ParseWarning {
  readonly code: string;
  readonly detail: string;
}

/** What every parser makes of a file. */
export interface ParsedDocument {
  readonly format: DocumentFormat;
  readonly title?: string | undefined;
  /** Language of most of the text, BCP 47. */
  readonly language?: string | undefined;
  /** `author`, `createdAt`, `modifiedAt` (ISO 8601) and others, as the file says. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly pages: readonly Page[];
  readonly blocks: readonly Block[];
  readonly removed: readonly RemovedRange[];
  readonly links: readonly Link[];
  readonly images: readonly ImageNote[];
  readonly warnings: readonly ParseWarning[];
}

/** A parsed document to start from: everything that a parser does not fill is empty. */
export function emptyDocument(format: DocumentFormat): ParsedDocument {
  return {
    format,
    metadata: {},
    pages: [],
    blocks: [],
    removed: [],
    links: [],
    images: [],
    warnings: [],
  };
}
