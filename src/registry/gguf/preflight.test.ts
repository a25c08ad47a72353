import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { tinyGguf, SHAPES } from '#test/tiny-gguf.ts';
import { memorySource } from './byte-source.ts';
import { preflightGguf } from './preflight.ts';

const MODEL = tinyGguf();
const HEADER_BYTES = MODEL.indexOf(Buffer.from('output.weight')) + 40;

async function judge(bytes: Uint8Array) {
  return preflightGguf(memorySource(bytes));
}

/** The file with other bytes in a place. */
function patched(offset: number, write: (view: Buffer) => void): Buffer {
  const copy = Buffer.from(MODEL);
  write(copy.subarray(offset));
  return copy;
}

/** Offset just after a key of the header. */
function afterKey(key: string): number {
  const at = MODEL.indexOf(Buffer.from(key));
  assert.ok(at > 0, key);
  return at + key.length;
}

/** A file of nothing but a head and the given bytes. */
function raw(keys: bigint, tensors: bigint, rest: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(24);
  head.write('GGUF');
  head.writeUInt32LE(3, 4);
  head.writeBigUInt64LE(tensors, 8);
  head.writeBigUInt64LE(keys, 16);
  return Buffer.concat([head, rest]);
}

async function expectRefused(bytes: Uint8Array, code: string): Promise<void> {
  const result = await judge(bytes);
  assert.deepEqual(
    result.verdict === 'refused' ? result.code : result.verdict,
    code,
    result.verdict === 'refused' ? result.reason : '',
  );
}

test('a sound model is let in with its facts', async () => {
  const result = await judge(MODEL);
  assert.ok(result.verdict === 'accepted');
  const { architecture, contextTokens, blockCount, vocabularySize, quantization } = result.model;
  assert.deepEqual(
    { architecture, contextTokens, blockCount, vocabularySize, quantization },
    { architecture: 'llama', contextTokens: 2048, blockCount: 2, vocabularySize: 512, quantization: 'F32' },
  );
  assert.match(result.model.chatTemplate ?? '', /im_start/);
});

test('quantized models, encoders and rankers are let in too', async () => {
  const q8 = await judge(tinyGguf(SHAPES.tiny, { weights: 'q8_0' }));
  assert.ok(q8.verdict === 'accepted');
  assert.equal(q8.model.quantization, 'Q8_0');
  const ranker = await judge(tinyGguf(SHAPES.ranker));
  assert.ok(ranker.verdict === 'accepted');
  assert.equal(ranker.model.poolingType, 4);
});

test('an array that claims 2^63 elements in 43 bytes is refused', async () => {
  const array = Buffer.alloc(19);
  array.writeBigUInt64LE(1n, 0);
  array.write('a', 8);
  array.writeUInt32LE(9, 9);
  array.writeUInt32LE(4, 13);
  await expectRefused(
    raw(1n, 0n, Buffer.concat([array.subarray(0, 17), Buffer.from([0, 0, 0, 0, 0, 0, 0, 128])])),
    'array.length',
  );
});

test('counts of 2^63 are refused', async () => {
  await expectRefused(raw(1n << 63n, 0n), 'key.count');
  await expectRefused(raw(0n, 1n << 63n), 'tensor.count');
});

test('a byte token that is not one is refused', async () => {
  const at = MODEL.indexOf(Buffer.from('<0x01>'));
  await expectRefused(
    patched(at, (view) => view.write('<0x-1>')),
    'vocabulary.byte_token',
  );
});

test('dimensions whose product leaves 64 bits are refused', async () => {
  const at = afterKey('token_embd.weight');
  await expectRefused(
    patched(at, (view) => {
      view.writeBigUInt64LE((1n << 42n) + 32n, 4);
      view.writeBigUInt64LE(1n << 22n, 12);
    }),
    'tensor.shape',
  );
});

test('a tensor beyond the file, out of place or of unknown type is refused', async () => {
  await expectRefused(MODEL.subarray(0, MODEL.length - 64), 'tensor.outside_file');
  const at = afterKey('token_embd.weight');
  await expectRefused(
    patched(at, (view) => view.writeUInt32LE(99, 20)),
    'tensor.type',
  );
  await expectRefused(
    patched(at, (view) => view.writeBigUInt64LE(64n, 24)),
    'tensor.offset',
  );
});

test('keys of another type, out of range, doubled or nested are refused', async () => {
  const blocks = afterKey('llama.block_count');
  await expectRefused(
    patched(blocks, (view) => view.writeUInt32LE(6, 0)),
    'value.type',
  );
  await expectRefused(
    patched(blocks, (view) => view.writeUInt32LE(4096, 4)),
    'value.range',
  );
  const name = MODEL.indexOf(Buffer.from('tokenizer.ggml.eos_token_id'));
  await expectRefused(
    patched(name, (view) => view.write('tokenizer.ggml.bos_token_id')),
    'key.duplicate',
  );
  const tokens = afterKey('tokenizer.ggml.tokens');
  await expectRefused(
    patched(tokens, (view) => view.writeUInt32LE(9, 4)),
    'array.nested',
  );
});

test('a special token outside the vocabulary is refused', async () => {
  const at = afterKey('tokenizer.ggml.eos_token_id');
  await expectRefused(
    patched(at, (view) => view.writeUInt32LE(512, 4)),
    'vocabulary.inconsistent',
  );
});

test('what is no GGUF, or of another version, is refused', async () => {
  await expectRefused(Buffer.from('PK'), 'file.not_gguf');
  await expectRefused(Buffer.alloc(4096), 'file.not_gguf');
  await expectRefused(
    patched(4, (view) => view.writeUInt32LE(1, 0)),
    'file.version',
  );
});

test('every cut of a file is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: MODEL.length - 33 }), async (length) => {
      assert.equal((await judge(MODEL.subarray(0, length))).verdict, 'refused');
    }),
    { numRuns: 150 },
  );
});

test('no damage to a header makes the reader throw or claim more than the file holds', async () => {
  const damage = fc.record({
    at: fc.integer({ min: 0, max: HEADER_BYTES - 1 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
      const copy = Buffer.from(MODEL);
      for (const { at, bytes } of damages) copy.set(bytes, at);
      const result = await judge(copy);
      if (result.verdict !== 'refused') assert.ok(result.model.weightsBytes <= MODEL.length);
    }),
    { numRuns: 400 },
  );
});
