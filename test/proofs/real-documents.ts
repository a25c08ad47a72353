import { readFileSync } from 'node:fs';
import { basename, relative, join } from 'node:path';
import { DocumentParser, isQuarantine, type ParseOutcome, type ParsedDocument } from '#rag/index.ts';
import { plainWords } from '#test/plain-words.ts';
import { documentFiles, NO_TEST_DATA, skipped, testDataFolder } from '#test/test-data.ts';
import { informative, judged, type Proof } from './proof.ts';

const INDEXED_TARGET = 0.95;
const WORDS_TARGET = 0.9;
/** Reasons that say something of the file and not of us: locked, broken, without text, or an attack. */
const OWN_FAULT = new Set([
  'encrypted',
  'wrong-password',
  'encryption-unsupported',
  'damaged',
  'empty',
  'archive-bomb',
  'path-traversal',
  'external-entity',
  'too-many-pages',
]);
/** What the sets call hostile or broken on purpose. */
const HOSTILE = /fuzzed|bomb|droste|truncated|corrupt|notaZip|poppler-\d|quine/iu;

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{2,}/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** The share of the words of plain extraction that our text or our list of what was removed holds. */
function wordShare(parsed: ParsedDocument, plain: string): number | undefined {
  const expected = countWords(plain);
  const total = [...expected.values()].reduce((a, b) => a + b, 0);
  if (total < 5) return undefined;
  const found = countWords([...parsed.blocks, ...parsed.removed].map(({ text }) => text).join('\n'));
  let kept = 0;
  for (const [word, count] of expected) kept += Math.min(count, found.get(word) ?? 0);
  return kept / total;
}

export const proof: Proof = {
  promise: 'every file of a real collection is read or refused for a true reason',
  async run({ isQuick }) {
    const folder = testDataFolder();
    if (folder === undefined) return skipped(NO_TEST_DATA);
    const all = documentFiles(folder, '**/*.*').filter(
      (file) => !/\/groundtruth\/|\.(?:rst|hocr|uzn|json)$|-(?:reg|str)\.xml$|\.gt\.txt$/u.test(file),
    );
    const files = isQuick ? all.filter((_, index) => index % 25 === 0) : all;
    await using parser = new DocumentParser();
    const outcomes = new Map<string, number>();
    const refused: string[] = [];
    const shares: { file: string; share: number }[] = [];
    let pages = 0;
    let indexed = 0;
    let counted = 0;
    const startedAt = performance.now();
    for (const file of files) {
      const bytes = readFileSync(file);
      const outcome: ParseOutcome = await parser.parse({ bytes, fileName: basename(file) });
      const said = isQuarantine(outcome) ? outcome.quarantine : 'read';
      outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
      const isExcused = HOSTILE.test(file) || OWN_FAULT.has(said);
      if (!isExcused) counted += 1;
      if (isQuarantine(outcome)) {
        if (!isExcused)
          refused.push(
            `${relative(join(folder, 'documents'), file)}: ${said} ${outcome.detail['type'] ?? ''}`.trim(),
          );
        continue;
      }
      if (!isExcused) indexed += 1;
      pages += Math.max(1, outcome.pages.length);
      const plain = await plainWords(file, bytes);
      const share = plain === undefined ? undefined : wordShare(outcome, plain);
      if (share !== undefined) shares.push({ file: basename(file), share });
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const total = shares.reduce((sum, { share }) => sum + share, 0) / Math.max(1, shares.length);
    const low = shares.filter(({ share }) => share < WORDS_TARGET).toSorted((a, b) => a.share - b.share);
    return {
      figures: [
        judged(
          `of ${counted} files that are whole, open and hold text, indexed`,
          (indexed / Math.max(1, counted)).toFixed(3),
          `≥ ${INDEXED_TARGET}`,
          indexed >= INDEXED_TARGET * counted,
        ),
        judged(
          `words of plain extraction that are kept or listed, mean of ${shares.length} files`,
          total.toFixed(3),
          `≥ ${WORDS_TARGET}`,
          total >= WORDS_TARGET,
        ),
        informative(
          `files below ${WORDS_TARGET}`,
          `${low.length}: ${low
            .slice(0, 12)
            .map(({ file, share }) => `${file} ${share.toFixed(2)}`)
            .join(', ')}`,
        ),
        informative('not indexed', refused.slice(0, 40).join('; ') || 'none'),
        informative('outcomes', [...outcomes].map(([name, count]) => `${name} ${count}`).join(', ')),
        informative('pages per second, comparison included', (pages / seconds).toFixed(1)),
        informative('peak memory of a child', `${(parser.peakBytes / 1024 / 1024).toFixed(0)} MiB`),
      ],
    };
  },
};
