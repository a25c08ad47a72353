import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expectDigest } from '#core/index.ts';
import { loadBundledEmbedding } from './bundled-embedding.ts';
import { createTableEmbedding } from './table-embedding.ts';
import { decodeTable, encodeTable } from './table-format.ts';
import { textFeatures } from './text-features.ts';

const NO_DIGEST = expectDigest(`sha256:${'0'.repeat(64)}`);
const TABLE = {
  features: ['pes', 'dog', '~^pes'],
  dimensions: 2,
  scales: Float32Array.of(0.5, 0.25, 1),
  values: Int8Array.of(127, 0, 100, 100, 0, -127),
};
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);

test('a table is read as it was written, also out of the middle of other bytes', () => {
  const bytes = encodeTable(TABLE);
  const around = new Uint8Array(bytes.length + 20).fill(7);
  around.set(bytes, 13);
  for (const source of [bytes, around.subarray(13, 13 + bytes.length)])
    assert.deepEqual(decodeTable(source), TABLE);
});

test('what is no table, is cut off or of another analyser is refused', () => {
  const bytes = encodeTable(TABLE);
  assert.throws(() => decodeTable(new TextEncoder().encode('something else entirely')), /not a vector table/);
  assert.throws(() => decodeTable(bytes.subarray(0, bytes.length - 1)), /cut off/);
  const other = Uint8Array.from(bytes);
  const at = new TextDecoder('latin1').decode(other).indexOf('cs-en-sk');
  other[at] = 'x'.charCodeAt(0);
  assert.throws(() => decodeTable(other), /analyser xs-en-sk/);
});

test('a text is the sum of its features at length 1, and nothing known is zeros', async () => {
  const embedding = createTableEmbedding(encodeTable(TABLE), NO_DIGEST);
  const [dog, unknown] = await embedding.embed(['dog', 'xyzzy'], { purpose: 'query', language: 'en' });
  assert.ok(Math.abs(dog![0]! - Math.SQRT1_2) < 1e-6 && Math.abs(dog![1]! - Math.SQRT1_2) < 1e-6);
  assert.deepEqual([...unknown!], [0, 0]);
});

test('stems and spellings are told apart', () => {
  assert.deepEqual(textFeatures('smlouvy', 'cs'), [
    '=contract',
    'smlouv',
    '~^sml',
    '~smlu',
    '~mluv',
    '~luvi',
    '~uvi$',
  ]);
});

test('the table that comes with the product is the one on its card, and brings the languages together', () => {
  const card = JSON.parse(
    readFileSync(new URL('./assets/bilingual-table.json', import.meta.url), 'utf8'),
  ) as {
    sha256: string;
    bytes: number;
  };
  const embedding = loadBundledEmbedding();
  assert.equal(embedding.digest, `sha256:${card.sha256}`);
  assert.ok(card.bytes <= 7_000_000);
  const czech = embedding.embedText('Nasazení zařízení a senzorů v cloudu', 'cs');
  const english = embedding.embedText('Deploying devices and sensors in the cloud', 'en');
  const other = embedding.embedText('The weather in Canada was cold in January', 'en');
  assert.ok(cosine(czech, english) > cosine(czech, other) + 0.2);
});
