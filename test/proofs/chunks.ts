import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { makeId } from '#core/index.ts';
import {
  chunkDocument,
  DocumentParser,
  isQuarantine,
  offsetOf,
  placeOf,
  toCanonicalText,
  type Block,
  type DocumentChunk,
  type ParsedDocument,
} from '#rag/index.ts';
import { documentFiles, NO_TEST_DATA, skipped, testDataFolder } from '#test/test-data.ts';
import { informative, judged, type Proof } from './proof.ts';

const documentId = makeId('document', new Uint8Array(16));
const MAX_TOKENS = 400;

function chunksOf(blocks: readonly Block[]): { text: string; chunks: DocumentChunk[] } {
  const canonical = toCanonicalText({ blocks });
  return { text: canonical.text, chunks: chunkDocument({ documentId, canonical, blocks }) };
}

/** What is wrong with the chunks of a document; empty when nothing is. */
function faultsOf(parsed: ParsedDocument): string[] {
  const canonical = toCanonicalText(parsed);
  const { chunks } = chunksOf(parsed.blocks);
  const faults: string[] = [];
  const joined = chunks.map(({ span }) => canonical.text.slice(span.start, span.end)).join('');
  if (joined !== canonical.text) faults.push('spans joined differ from the text');
  if (new Set(chunks.map(({ id }) => id)).size !== chunks.length) faults.push('two chunks share an id');
  for (const { indexedText, span, kind } of chunks) {
    const own = canonical.text.slice(span.start, span.end).trim();
    if (!indexedText.endsWith(own)) faults.push('the indexed text does not end with the text of the span');
    if (kind !== 'table' && indexedText !== own)
      faults.push('a text is indexed with what is not in its span');
  }
  for (const [blockIndex, block] of parsed.blocks.entries()) {
    for (const offset of [0, block.text.length - 1]) {
      if (block.text.length === 0) continue;
      const at = offsetOf(canonical, { blockIndex, offset });
      if (canonical.text[at] !== block.text[offset]) faults.push('an offset points at another character');
      if (placeOf(canonical, parsed.blocks, at)?.blockIndex !== blockIndex)
        faults.push('an offset leads back elsewhere');
    }
  }
  return faults;
}

/** The share of chunks whose ids an inserted paragraph in the middle leaves as they were. */
function keptAfterEdit(blocks: readonly Block[]): number {
  const before = new Set(chunksOf(blocks).chunks.map(({ id }) => id));
  const middle = Math.floor(blocks.length / 2);
  const inserted: Block = { kind: 'paragraph', text: 'Vložený odstavec, který v žádném dokumentu nestojí.' };
  const after = chunksOf([...blocks.slice(0, middle), inserted, ...blocks.slice(middle)]).chunks;
  const kept = after.filter(({ id }) => before.has(id)).length;
  return kept / before.size;
}

export const proof: Proof = {
  promise:
    'chunks of real documents join to their text, point at it exactly, and keep their ids under edits elsewhere',
  async run({ isQuick }) {
    const folder = testDataFolder();
    if (folder === undefined) return skipped(NO_TEST_DATA);
    const all = documentFiles(
      folder,
      '{docling,docx4j,icdar2013-tables,mammoth,ms-cs-en,office-generated,pdfplumber,sheetjs,tabula,tika}/**/*.{pdf,docx,xlsx,pptx,odt,ods,odp,rtf,html,md,csv,txt,eml}',
    );
    const files = isQuick ? all.filter((_, index) => index % 15 === 0) : all;
    await using parser = new DocumentParser();
    const faults = new Map<string, string[]>();
    const kept: number[] = [];
    let documents = 0;
    let chunkCount = 0;
    let tokens = 0;
    let largest = 0;
    for (const file of files) {
      const parsed = await parser.parse({ bytes: readFileSync(file), fileName: basename(file) });
      if (isQuarantine(parsed)) continue;
      documents += 1;
      const found = faultsOf(parsed);
      if (found.length > 0) faults.set(basename(file), found);
      const { chunks } = chunksOf(parsed.blocks);
      chunkCount += chunks.length;
      for (const chunk of chunks) {
        tokens += chunk.tokens;
        if (chunk.kind !== 'table') largest = Math.max(largest, chunk.tokens);
      }
      if (chunks.length >= 10) kept.push(keptAfterEdit(parsed.blocks));
    }
    const lowest = Math.min(1, ...kept);
    const mean = kept.reduce((a, b) => a + b, 0) / Math.max(1, kept.length);
    return {
      figures: [
        judged(
          `faults in ${chunkCount} chunks of ${documents} documents`,
          [...faults].map(([name, [first]]) => `${name}: ${first}`).join('; ') || '0',
          '0',
          faults.size === 0,
        ),
        judged('largest chunk of text', `${largest} tokens`, `≤ ${MAX_TOKENS}`, largest <= MAX_TOKENS),
        informative('mean size', `${(tokens / Math.max(1, chunkCount)).toFixed(0)} tokens`),
        judged(
          `ids kept when a paragraph is inserted in the middle, mean of ${kept.length} documents`,
          mean.toFixed(3),
          '≥ 0.9',
          mean >= 0.9,
        ),
        informative('the lowest of them', lowest.toFixed(3)),
      ],
    };
  },
};
