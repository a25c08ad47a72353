// Makes the bilingual table that ships with the product: src/rag/embedding/assets/bilingual-table.bin and its card.
// Sources: aligned Czech and English course texts in a folder, names that the runtime carries, our own glossary.
//   node scripts/make-bilingual-table.ts --texts <folder> [--out <folder>]
// The folder has one folder per project with `cs/` and `en/` below it; equal input gives equal bytes.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ANALYZER_VERSION } from '../src/rag/analysis/analyze.ts';
import { encodeTable } from '../src/rag/embedding/table-format.ts';
import { buildTable, TABLE_SETTINGS } from './bilingual/build-table.ts';
import { readGlossaryPairs } from './bilingual/glossary-pairs.ts';
import { readLocalePairs } from './bilingual/locale-pairs.ts';
import { readTextPairs } from './bilingual/text-pairs.ts';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Where the course texts come from; all are MIT, Copyright (c) Microsoft Corporation. */
const COURSES = [
  {
    folder: 'AZD-for-beginners',
    repository: 'https://github.com/microsoft/AZD-for-beginners',
    commit: 'ee9762cd155e2f31d503f97f3d6999f6a0f65b80',
  },
  {
    folder: 'IoT-For-Beginners',
    repository: 'https://github.com/microsoft/IoT-For-Beginners',
    commit: '8bd535533b39c8b70e2b027f69e18ac842812968',
  },
  {
    folder: 'edgeai-for-beginners',
    repository: 'https://github.com/microsoft/edgeai-for-beginners',
    commit: '05d7c7ef90ac647ff3afc3a878281a848d5ca47a',
  },
];

/** Digest over the paths and digests of a project's Markdown files, in the order of their paths. */
function filesOf(folder: string): { files: number; sha256: string } {
  const paths = globSync('{cs,en}/**/*.md', { cwd: folder }).toSorted();
  const lines = paths.map((path) => `${sha256(readFileSync(join(folder, path)))}  ${path}\n`);
  return { files: paths.length, sha256: sha256(lines.join('')) };
}

const { values } = parseArgs({
  options: { texts: { type: 'string' }, out: { type: 'string', default: 'src/rag/embedding/assets' } },
});
if (values.texts === undefined) {
  console.error('Give the folder of aligned texts: --texts <folder>.');
  process.exit(2);
}
const { texts, out } = values;
const courses = readTextPairs(texts, () => false);
const names = readLocalePairs();
const glossary = readGlossaryPairs();
const table = buildTable([...courses, ...names, ...glossary]);
const bytes = encodeTable(table);
const card = {
  name: 'hradlo-bilingual',
  purpose:
    'Static vectors of Czech and English stems and spellings, for finding text across the two languages.',
  sha256: sha256(bytes),
  bytes: bytes.length,
  analyzer: ANALYZER_VERSION,
  features: table.features.length,
  settings: TABLE_SETTINGS,
  method: 'Cross-language latent semantic indexing; scripts/make-bilingual-table.ts',
  sources: [
    ...COURSES.map(({ folder, ...course }) => ({
      ...course,
      licence: 'MIT',
      ...filesOf(join(texts, folder)),
    })),
    {
      name: 'Names of Unicode CLDR, as Node carries them',
      licence: 'Unicode-3.0',
      icu: process.versions['icu'],
      pairs: names.length,
    },
    { name: 'src/rag/analysis/glossary', licence: 'Apache-2.0 (our own)', pairs: glossary.length },
  ],
  pairs: courses.length + names.length + glossary.length,
  limits:
    'Covers the words of its sources: courses on cloud, devices and machine learning, names, office vocabulary. ' +
    'Elsewhere only spelling carries. Not an encoder.',
};
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'bilingual-table.bin'), bytes);
writeFileSync(join(out, 'bilingual-table.json'), `${JSON.stringify(card, null, 2)}\n`);
console.log(
  `${bytes.length} bytes, ${table.features.length} features, ${card.pairs} pairs, sha256 ${card.sha256}`,
);
