import { posix } from 'node:path';
import type { Archive } from '../archive/read-archive.ts';
import { attribute, elementsOf, textOf, type MarkupElement } from '../markup/markup-tree.ts';
import { parseXml } from '../markup/parse-xml.ts';
import { decodeText } from '../text/decode-text.ts';

/** Where a part points: to another part, or out of the document. */
export interface Relationship {
  readonly id: string;
  /** The last word of the type's address: `image`, `hyperlink`, `footnotes`. */
  readonly type: string;
  readonly target: string;
  readonly isExternal: boolean;
}

/** Reads the parts of an office file (ECMA-376 part 2: Open Packaging Conventions). */
export class OfficePackage {
  readonly archive: Archive;
  readonly #names: ReadonlyMap<string, string>;

  constructor(archive: Archive) {
    this.archive = archive;
    // Names of parts are compared without case.
    this.#names = new Map(archive.names.map((name) => [name.toLowerCase(), name]));
  }

  has(part: string): boolean {
    return this.#names.has(part.toLowerCase());
  }

  /** The text of a part; undefined when it is missing. */
  async text(part: string): Promise<string | undefined> {
    const name = this.#names.get(part.toLowerCase());
    const bytes = name === undefined ? undefined : await this.archive.read(name);
    return bytes === undefined ? undefined : decodeText(bytes, 'utf-8').text;
  }

  /** The tree of a part; undefined when it is missing. */
  async xml(part: string): Promise<MarkupElement | undefined> {
    const text = await this.text(part);
    return text === undefined ? undefined : parseXml(text);
  }

  /** What a part points to, by the ids that it uses. */
  async relationships(part: string): Promise<ReadonlyMap<string, Relationship>> {
    const { dir, base } = posix.parse(part);
    const tree = await this.xml(posix.join(dir, '_rels', `${base}.rels`));
    const found = new Map<string, Relationship>();
    for (const element of tree === undefined ? [] : elementsOf(tree, 'Relationship')) {
      const id = attribute(element, 'Id') ?? '';
      const target = attribute(element, 'Target') ?? '';
      const isExternal = attribute(element, 'TargetMode') === 'External';
      const path = target.startsWith('/') ? target.slice(1) : posix.join(dir, target);
      const type = (attribute(element, 'Type') ?? '').split('/').at(-1) ?? '';
      found.set(id, { id, type, isExternal, target: isExternal ? target : path });
    }
    return found;
  }

  /** The first part of a type that a part points to. */
  async related(part: string, type: string): Promise<string | undefined> {
    const all = [...(await this.relationships(part)).values()];
    return all.find((relationship) => relationship.type === type && !relationship.isExternal)?.target;
  }

  /** Title, author and dates from the document's properties. */
  async metadata(): Promise<Record<string, string>> {
    const tree = await this.xml('docProps/core.xml').catch(() => undefined);
    const metadata: Record<string, string> = {};
    const names: Readonly<Record<string, string>> = {
      title: 'title',
      creator: 'author',
      subject: 'subject',
      keywords: 'keywords',
      description: 'description',
      created: 'createdAt',
      modified: 'modifiedAt',
      language: 'language',
    };
    for (const element of tree === undefined ? [] : elementsOf(tree)) {
      const name = names[element.name.slice(element.name.indexOf(':') + 1)];
      const value = textOf(element).trim();
      if (name !== undefined && value !== '') metadata[name] = value;
    }
    return metadata;
  }
}
