import type { Block, ParsedDocument, ParseWarning } from './parsed-document.ts';

/** A file inside of another, or why it could not be read. */
export interface NamedDocument {
  readonly name: string;
  readonly parsed: ParsedDocument | undefined;
  /** The reason, when there is no document. */
  readonly failure: string | undefined;
}

/** A block as it stands in a document that holds others: their pages are not its own. */
function withoutPlace(block: Block, levels: number): Block {
  const { page: _page, box: _box, words: _words, ...rest } = block;
  return rest.kind === 'heading' ? { ...rest, level: rest.level + levels } : rest;
}

/**
 * Adds the files that a message or archive carries to it, each under a heading with its name. Those that could
 * not be read are named in the warnings.
 */
export function joinDocuments(outer: ParsedDocument, inner: readonly NamedDocument[]): ParsedDocument {
  const read = inner.flatMap(({ name, parsed }) => (parsed === undefined ? [] : [{ name, parsed }]));
  const warnings = inner.flatMap(({ name, failure }): ParseWarning[] =>
    failure === undefined ? [] : [{ code: `inner-${failure}`, detail: name }],
  );
  return {
    ...outer,
    blocks: [
      ...outer.blocks,
      ...read.flatMap(({ name, parsed }): Block[] => [
        { kind: 'heading', level: 1, text: name },
        ...parsed.blocks.map((block) => withoutPlace(block, 1)),
      ]),
    ],
    removed: [
      ...outer.removed,
      ...read.flatMap(({ parsed }) => parsed.removed.map(({ reason, text }) => ({ reason, text }))),
    ],
    links: [...outer.links, ...read.flatMap(({ parsed }) => parsed.links)],
    images: [
      ...outer.images,
      ...read.flatMap(({ parsed }) => parsed.images.map(({ description }) => ({ description }))),
    ],
    warnings: [...outer.warnings, ...read.flatMap(({ parsed }) => parsed.warnings), ...warnings],
  };
}
