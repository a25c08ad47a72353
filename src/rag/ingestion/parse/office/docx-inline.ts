import {
  attribute,
  childAt,
  collapse,
  descendants,
  elementsOf,
  localName,
  textOf,
  type MarkupElement,
} from '../markup/markup-tree.ts';
import type { ImageNote, Link, RemovedRange } from '../parsed-document.ts';
import type { Relationship } from './office-package.ts';

/** What the text of a paragraph brings with it. */
export interface InlineResult {
  readonly text: string;
  /** Ids of the notes it refers to. */
  readonly notes: readonly string[];
  /** Contents of text boxes, to be read as blocks of their own. */
  readonly boxes: readonly MarkupElement[];
  /** Ids of the charts that stand in it. */
  readonly charts: readonly string[];
}

/** What inline reading notes of the document. */
export interface InlineSink {
  readonly links: Link[];
  readonly images: ImageNote[];
  readonly removed: RemovedRange[];
  readonly relationships: ReadonlyMap<string, Relationship>;
}

interface Draft {
  text: string;
  readonly notes: string[];
  readonly boxes: MarkupElement[];
  readonly charts: string[];
}

const SYMBOL_FONT_START = 0xf000;

type Reader = (element: MarkupElement, draft: Draft, sink: InlineSink) => void;

const readChildren: Reader = (element, draft, sink) => {
  for (const child of elementsOf(element)) READERS[localName(child)]?.(child, draft, sink);
};

const addText =
  (text: string): Reader =>
  (_, draft) => {
    draft.text += text;
  };

const readRun: Reader = (run, draft, sink) => {
  const vanish = childAt(run, 'rPr', 'vanish');
  const isHidden = vanish !== undefined && !['0', 'false'].includes(attribute(vanish, 'val') ?? '1');
  if (isHidden) {
    const hidden = collapse(descendants(run, 't').map(textOf).join(''));
    if (hidden !== '') sink.removed.push({ reason: 'hidden', text: hidden });
    return;
  }
  readChildren(run, draft, sink);
};

const readHyperlink: Reader = (element, draft, sink) => {
  const before = draft.text.length;
  readChildren(element, draft, sink);
  const target = sink.relationships.get(element.attributes['r:id'] ?? '')?.target;
  if (target !== undefined) sink.links.push({ text: collapse(draft.text.slice(before)), target });
};

const readNote: Reader = (element, draft) => {
  const id = attribute(element, 'id');
  if (id !== undefined) draft.notes.push(`${localName(element)} ${id}`);
};

/** Pictures say what they are; text boxes are read later. */
const readDrawing: Reader = (element, draft, sink) => {
  for (const properties of descendants(element, 'docPr')) {
    const description = collapse(attribute(properties, 'descr') ?? '');
    if (descendants(element, 'pic').length > 0 || description !== '') sink.images.push({ description });
  }
  draft.boxes.push(...descendants(element, 'txbxContent'));
  for (const chart of descendants(element, 'chart')) draft.charts.push(chart.attributes['r:id'] ?? '');
};

/** Of several ways to say one thing the first is read. */
const readAlternate: Reader = (element, draft, sink) => {
  const chosen = childAt(element, 'Choice') ?? childAt(element, 'Fallback');
  if (chosen !== undefined) readChildren(chosen, draft, sink);
};

const readDeleted: Reader = (element, _, sink) => {
  const text = collapse(descendants(element, 'delText').map(textOf).join(''));
  if (text !== '') sink.removed.push({ reason: 'deleted', text });
};

const READERS: Readonly<Record<string, Reader>> = {
  r: readRun,
  t: (element, draft) => {
    draft.text += textOf(element);
  },
  tab: addText('\t'),
  br: addText('\n'),
  cr: addText('\n'),
  noBreakHyphen: addText('-'),
  sym: (element, draft) => {
    const code = Number.parseInt(attribute(element, 'char') ?? '', 16);
    if (code > 0 && code < SYMBOL_FONT_START) draft.text += String.fromCodePoint(code);
  },
  hyperlink: readHyperlink,
  ins: readChildren,
  moveTo: readChildren,
  del: readDeleted,
  moveFrom: readDeleted,
  smartTag: readChildren,
  customXml: readChildren,
  fldSimple: readChildren,
  sdt: readChildren,
  sdtContent: readChildren,
  dir: readChildren,
  bdo: readChildren,
  ruby: readChildren,
  rubyBase: readChildren,
  oMath: (element, draft) => {
    draft.text += descendants(element, 't').map(textOf).join('');
  },
  oMathPara: readChildren,
  footnoteReference: readNote,
  endnoteReference: readNote,
  drawing: readDrawing,
  pict: readDrawing,
  object: readDrawing,
  AlternateContent: readAlternate,
};

/** Reads the text of a paragraph: runs, links, fields, marks of notes, tracked insertions. */
export function readInline(paragraph: MarkupElement, sink: InlineSink): InlineResult {
  const draft: Draft = { text: '', notes: [], boxes: [], charts: [] };
  readChildren(paragraph, draft, sink);
  const text = draft.text
    .split('\n')
    .map(collapse)
    .filter((line) => line !== '')
    .join('\n');
  return { text, notes: draft.notes, boxes: draft.boxes, charts: draft.charts };
}
