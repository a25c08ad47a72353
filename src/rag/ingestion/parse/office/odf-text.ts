import {
  attribute,
  collapse,
  descendants,
  elementsOf,
  localName,
  textOf,
  type MarkupElement,
} from '../markup/markup-tree.ts';
import type { ImageNote, Link, RemovedRange } from '../parsed-document.ts';

/** What reading the text of OpenDocument notes on the way. */
export interface OdfSink {
  readonly links: Link[];
  readonly images: ImageNote[];
  readonly removed: RemovedRange[];
}

/** Text of a paragraph with what it carries: notes, and boxes that stand apart. */
export interface OdfInline {
  readonly text: string;
  readonly notes: readonly string[];
  readonly boxes: readonly MarkupElement[];
}

interface Draft {
  text: string;
  readonly notes: string[];
  readonly boxes: MarkupElement[];
}

/** Reads a frame: a picture with its description, or a box of text. */
export function readFrame(frame: MarkupElement, sink: OdfSink): MarkupElement[] {
  const boxes = elementsOf(frame, 'text-box');
  if (elementsOf(frame, 'image').length > 0) {
    const description = [...elementsOf(frame, 'title'), ...elementsOf(frame, 'desc')].map(textOf).join(' ');
    sink.images.push({ description: collapse(description) });
  }
  return boxes;
}

type Reader = (element: MarkupElement, draft: Draft, sink: OdfSink) => void;

const skip: Reader = () => undefined;

const READERS: Readonly<Record<string, Reader>> = {
  s: (element, draft) => {
    draft.text += ' '.repeat(Math.min(100, Number(attribute(element, 'c') ?? 1) || 1));
  },
  tab: (_, draft) => {
    draft.text += '\t';
  },
  'line-break': (_, draft) => {
    draft.text += '\n';
  },
  a: (element, draft, sink) => {
    const before = draft.text.length;
    readNodes(element, draft, sink);
    const target = attribute(element, 'href');
    if (target !== undefined) sink.links.push({ text: collapse(draft.text.slice(before)), target });
  },
  note: (element, draft) => {
    draft.notes.push(collapse(elementsOf(element, 'note-body').map(textOf).join(' ')));
  },
  annotation: (element, _, sink) => {
    const text = collapse(descendants(element, 'p').map(textOf).join(' '));
    if (text !== '') sink.removed.push({ reason: 'comment', text });
  },
  frame: (element, draft, sink) => {
    draft.boxes.push(...readFrame(element, sink));
  },
  'custom-shape': (element, draft) => {
    draft.boxes.push(element);
  },
  'tracked-changes': skip,
  'change-start': skip,
  'event-listeners': skip,
  'annotation-end': skip,
};

function readNodes(element: MarkupElement, draft: Draft, sink: OdfSink): void {
  for (const child of element.children) {
    if (typeof child === 'string') {
      draft.text += child.replace(/\s+/gu, ' ');
      continue;
    }
    const reader = READERS[localName(child)];
    if (reader === undefined) readNodes(child, draft, sink);
    else reader(child, draft, sink);
  }
}

/** The text of a paragraph or heading. */
export function readOdfInline(paragraph: MarkupElement, sink: OdfSink): OdfInline {
  const draft: Draft = { text: '', notes: [], boxes: [] };
  readNodes(paragraph, draft, sink);
  const text = draft.text
    .split('\n')
    .map(collapse)
    .filter((line) => line !== '')
    .join('\n');
  return { text, notes: draft.notes, boxes: draft.boxes };
}
