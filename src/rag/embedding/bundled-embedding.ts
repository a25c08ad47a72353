import { readFileSync } from 'node:fs';
import { digestOf } from '#platform/index.ts';
import { createTableEmbedding, type TableEmbedding } from './table-embedding.ts';

const TABLE = new URL('./assets/bilingual-table.bin', import.meta.url);

/** The table that comes with the product; its card lies beside it. */
export function loadBundledEmbedding(): TableEmbedding {
  const bytes = readFileSync(TABLE);
  return createTableEmbedding(bytes, digestOf(bytes));
}
