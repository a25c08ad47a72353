import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inspectModelFile } from '#registry/index.ts';
import { POISONED_TEMPLATES } from '#test/poisoned-templates.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';
import { informative, judged, timing, type Proof } from './proof.ts';
import { scratchFolder } from '../support/scratch.ts';

const DECISION_MS = 100;
const LARGE_VOCABULARY = 262_144;
const GROWTH_BYTES = 50 * 1_048_576;

/** Numbers from 0 to 1 that are the same in every run. */
function makeRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A sound file with one thing wrong: a bit, a length, a count, a cut, a key that is there twice. */
function mutate(model: Buffer, headerBytes: number, random: () => number): Buffer {
  const copy = Buffer.from(model);
  const at = Math.floor(random() * headerBytes);
  const kinds = [
    () => copy.writeUInt8(copy.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at),
    () => copy.writeBigUInt64LE(1n << BigInt(Math.floor(random() * 64)), Math.min(at, headerBytes - 8)),
    () => copy.writeBigUInt64LE(1n << 63n, 8 + 8 * Math.floor(random() * 2)),
    () => copy.writeBigUInt64LE((1n << 42n) + 1n, Math.min(at, headerBytes - 8)),
    () => copy.copyWithin(at, Math.floor(random() * headerBytes), Math.floor(random() * headerBytes)),
  ];
  const kind = Math.floor(random() * (kinds.length + 1));
  if (kind === kinds.length) return copy.subarray(0, at);
  kinds[kind]!();
  return copy;
}

/** Files that have broken loaders elsewhere. */
function exploits(model: Buffer): Buffer[] {
  const nested = Buffer.alloc(43);
  nested.write('GGUF');
  nested.writeUInt32LE(3, 4);
  nested.writeBigUInt64LE(1n, 16);
  nested.writeBigUInt64LE(1n, 24);
  nested.write('a', 32);
  nested.writeUInt32LE(9, 33);
  nested.writeUInt32LE(8, 37);
  const byteToken = Buffer.from(model);
  byteToken.write('<0x-1>', byteToken.indexOf('<0x01>'));
  const dimensions = Buffer.from(model);
  dimensions.writeBigUInt64LE((1n << 42n) + 1n, dimensions.indexOf('token_embd.weight') + 21);
  const huge = Buffer.from(model);
  huge.writeBigUInt64LE(1n << 63n, huge.indexOf('tokenizer.ggml.tokens') + 29);
  return [nested, byteToken, dimensions, huge];
}

/** How the native library takes files: how many it loaded or refused, and whether it died. */
async function loadAll(paths: readonly string[]): Promise<{ handled: number; hasDied: boolean }> {
  const scout = spawn(
    process.execPath,
    [fileURLToPath(new URL('../support/load-scout.ts', import.meta.url))],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  let handled = 0;
  const lines = createInterface({ input: scout.stdout });
  lines.on('line', () => (handled += 1));
  const exit = new Promise<number | null>((resolve) => scout.on('close', resolve));
  scout.stdin.on('error', () => undefined);
  scout.stdin.end(`${paths.join('\n')}\n`);
  return { hasDied: (await exit) !== 0, handled };
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

async function judgeAll(folder: string, files: Iterable<Buffer>) {
  const accepted: string[] = [];
  let refused = 0;
  let slowestMs = 0;
  let index = 0;
  collect();
  const before = process.memoryUsage().rss;
  let peak = before;
  for (const bytes of files) {
    const path = join(folder, `${index++}.gguf`);
    writeFileSync(path, bytes);
    const startedAt = performance.now();
    const { verdict } = await inspectModelFile(path, undefined);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (verdict === 'refused') {
      refused += 1;
      rmSync(path);
    } else accepted.push(path);
    // The proof's own files are not what is measured.
    if (index % 50 === 0) collect();
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  return { accepted, refused, slowestMs, growthBytes: peak - before };
}

export const proof: Proof = {
  promise: 'no harmful model file reaches native code, and each is judged at once',
  async run({ isQuick }) {
    using scratch = scratchFolder('preflight');
    const folder = scratch.path;
    const model = tinyGguf();
    const headerBytes = model.indexOf('output.weight') + 60;
    const random = makeRandom(1);
    const count = isQuick ? 1_000 : 10_000;
    // The first judgements fill the heap to its working size.
    await judgeAll(
      folder,
      Array.from({ length: 200 }, () => mutate(model, headerBytes, random)),
    );
    const mutants = (function* () {
      for (let index = 0; index < count; index++) yield mutate(model, headerBytes, random);
    })();
    const mutated = await judgeAll(folder, mutants);
    const loaded = await loadAll(mutated.accepted);
    for (const path of mutated.accepted) rmSync(path);
    const shapes = exploits(model);
    const exploited = await judgeAll(folder, shapes);
    const templates = Object.values(POISONED_TEMPLATES);
    const poisoned = await judgeAll(
      folder,
      templates.map((chatTemplate) => tinyGguf(SHAPES.tiny, { chatTemplate })),
    );
    const large = await judgeAll(folder, [
      tinyGguf({ ...SHAPES.tiny, vocabularySize: LARGE_VOCABULARY, embeddingLength: 32 }),
    ]);
    const slowestMs = Math.max(mutated.slowestMs, exploited.slowestMs, poisoned.slowestMs);
    const slowest = `${slowestMs.toFixed(0)} ms`;
    return {
      figures: [
        informative(
          'mutated headers',
          `${count}: ${mutated.refused} refused, ${mutated.accepted.length} harmless`,
        ),
        judged(
          'harmless ones that the native library then survives',
          `${loaded.handled} of ${mutated.accepted.length}`,
          'all',
          !loaded.hasDied && loaded.handled === mutated.accepted.length,
        ),
        judged(
          'known exploits refused',
          `${exploited.refused} of ${shapes.length}`,
          'all',
          exploited.refused === shapes.length,
        ),
        judged(
          'poisoned templates refused',
          `${poisoned.refused} of ${templates.length}`,
          'all',
          poisoned.refused === templates.length,
        ),
        timing('slowest judgement', slowest, `≤ ${DECISION_MS} ms`, slowestMs <= DECISION_MS),
        informative(
          'a vocabulary of 262,144 tokens, with the digest of its 73 MB',
          `${large.slowestMs.toFixed(0)} ms`,
        ),
        judged(
          'memory growth while judging',
          `${(mutated.growthBytes / 1_048_576).toFixed(1)} MiB`,
          '≤ 50 MiB',
          mutated.growthBytes <= GROWTH_BYTES,
        ),
      ],
    };
  },
};
