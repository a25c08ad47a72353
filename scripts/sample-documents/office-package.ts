import { strToU8, zipSync } from 'fflate';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CORE = 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties';

/** A part of an Office Open XML package: its path, content type (absent for relationships) and XML. */
export interface Part {
  readonly path: string;
  readonly type?: string;
  readonly xml: string;
}

export interface Relation {
  readonly id: string;
  readonly kind: string;
  readonly target: string;
}

export interface Properties {
  readonly title: string;
  readonly language: string;
  readonly date: string;
}

/** Text as it stands in an XML element or attribute. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The relationships of the part at `path`. */
export function relationsPart(path: string, relations: readonly Relation[]): Part {
  const rows = relations
    .map(({ id, kind, target }) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`)
    .join('');
  const file = path.replace(/([^/]+)$/, '_rels/$1.rels');
  return { path: file, xml: `<Relationships xmlns="${RELATIONSHIPS}">${rows}</Relationships>` };
}

/** Zips a package around its `main` part, with core properties. Same parts, same bytes. @see ECMA-376, part 2. */
export function writePackage(main: string, parts: readonly Part[], properties: Properties): Uint8Array {
  const moment = `${properties.date}T08:00:00Z`;
  const core: Part = {
    path: 'docProps/core.xml',
    type: 'application/vnd.openxmlformats-package.core-properties+xml',
    xml:
      `<cp:coreProperties xmlns:cp="${CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
      'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
      `<dc:title>${escapeXml(properties.title)}</dc:title><dc:creator>Klenovar s.r.o.</dc:creator>` +
      `<dc:language>${properties.language}</dc:language>` +
      `<dcterms:created xsi:type="dcterms:W3CDTF">${moment}</dcterms:created>` +
      `<dcterms:modified xsi:type="dcterms:W3CDTF">${moment}</dcterms:modified></cp:coreProperties>`,
  };
  const root: Part = {
    path: '_rels/.rels',
    xml:
      `<Relationships xmlns="${RELATIONSHIPS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="${main}"/>` +
      '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
  };
  const overrides = [...parts, core]
    .flatMap(({ path, type }) =>
      type === undefined ? [] : [`<Override PartName="/${path}" ContentType="${type}"/>`],
    )
    .join('');
  const types: Part = {
    path: '[Content_Types].xml',
    xml:
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Default Extension="xml" ContentType="application/xml"/>${overrides}</Types>`,
  };
  const files = [types, root, core, ...parts].map(({ path, xml }): [string, Uint8Array] => [
    path,
    strToU8(XML + xml),
  ]);
  // The archive's dates are local times, so a date built from local fields is the same everywhere.
  return zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(2026, 0, 1) });
}
