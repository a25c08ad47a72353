import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameReader, FrameTooLarge, toFrame } from './frames.ts';
import { readReply } from './parsed-document-schema.ts';
import { DocumentParser, isQuarantine } from './parse-in-child.ts';
import { describeSandbox, sandboxed } from './sandbox.ts';

const text = (source: string) => ({ bytes: Buffer.from(source), fileName: 'x.md' });

test('a child reads one file after another, and a bad one stops nobody', async () => {
  await using parser = new DocumentParser();
  const good = await parser.parse(text('# Nadpis\n\nText.'));
  assert.ok(!isQuarantine(good));
  assert.equal(good.title, 'Nadpis');
  assert.deepEqual(await parser.parse({ bytes: new Uint8Array(0), fileName: 'x' }), {
    quarantine: 'empty',
    detail: {},
  });
  const [first, second] = await Promise.all([parser.parse(text('jeden')), parser.parse(text('dva'))]);
  assert.ok(!isQuarantine(first) && !isQuarantine(second));
  assert.deepEqual([first.blocks[0]?.text, second.blocks[0]?.text], ['jeden', 'dva']);
});

test('a child that breaks a limit is ended with the true reason, and the next file is read', async () => {
  await using parser = new DocumentParser({ limits: { stallMs: 1 } });
  const outcome = await parser.parse(text('x'));
  assert.ok(isQuarantine(outcome));
  assert.equal(outcome.quarantine, 'timed-out');
  await using small = new DocumentParser({ limits: { memoryBytes: 1024 * 1024 } });
  const heavy = await small.parse(text('x'));
  assert.ok(isQuarantine(heavy));
  assert.equal(heavy.quarantine, 'out-of-memory');
  await using tight = new DocumentParser({ limits: { inputBytes: 3, resultBytes: 100_000 } });
  assert.deepEqual(await tight.parse(text('four')), {
    quarantine: 'too-large',
    detail: { bytes: 4, limit: 3 },
  });
  assert.ok(!isQuarantine(await tight.parse(text('ok'))));
});

test('a process reads for one group of readers only, and not after a file that may have been an attack', async () => {
  await using parser = new DocumentParser();
  for (const group of ['a', 'a', 'b', 'b'])
    assert.ok(!isQuarantine(await parser.parse(text('x'), undefined, group)));
  assert.equal(parser.started, 2);
  const bomb = { bytes: Buffer.from('PK\u0003\u0004 not an archive'), fileName: 'x.zip' };
  assert.ok(isQuarantine(await parser.parse(bomb, undefined, 'b')));
  assert.ok(!isQuarantine(await parser.parse(text('x'), undefined, 'b')));
  assert.equal(parser.started, 3);
});

test('an abort ends the child and says so', async () => {
  await using parser = new DocumentParser();
  const abort = new AbortController();
  const parsing = parser.parse(text('x'.repeat(100)), abort.signal);
  abort.abort(new Error('stopped'));
  await assert.rejects(parsing, /stopped/);
});

test('the command cuts off what the machine can cut off', () => {
  const limits = { cpuSeconds: 60, openFiles: 256, fileBytes: 1, heapMebibytes: 100 };
  const full = sandboxed(
    { bubblewrap: '/usr/bin/bwrap', prlimit: '/usr/bin/prlimit', hasMemoryWatch: true },
    '/x.ts',
    limits,
  );
  assert.equal(full.file, '/usr/bin/prlimit');
  for (const part of ['--cpu=60', '--unshare-all', '--clearenv', '--max-old-space-size=100'])
    assert.ok(full.args.includes(part), part);
  const bare = sandboxed(
    { bubblewrap: undefined, prlimit: undefined, hasMemoryWatch: false },
    '/x.ts',
    limits,
  );
  assert.deepEqual(bare.args.slice(-1), ['/x.ts']);
  const said = describeSandbox({ bubblewrap: undefined, prlimit: undefined, hasMemoryWatch: true });
  assert.deepEqual(
    said.map(({ isActive }) => isActive),
    [false, false, false, true],
  );
});

test('frames come out as they went in, however a pipe cuts them', () => {
  const frames = Buffer.concat([
    toFrame(Buffer.from('ahoj')),
    toFrame(new Uint8Array(0)),
    toFrame(Buffer.from('světe')),
  ]);
  for (let size = 1; size <= frames.length; size++) {
    const reader = new FrameReader(100);
    const found: string[] = [];
    for (let at = 0; at < frames.length; at += size) {
      for (const message of reader.push(frames.subarray(at, at + size)))
        found.push(Buffer.from(message).toString());
    }
    assert.deepEqual(found, ['ahoj', '', 'světe']);
  }
  assert.throws(() => new FrameReader(3).push(toFrame(Buffer.from('long'))), FrameTooLarge);
});

test('an answer of the child is believed only when it fits together', () => {
  const block = { kind: 'paragraph', text: 'abc', words: [{ start: 0, end: 3, page: 1, box: [0, 0, 1, 1] }] };
  const parsed = {
    format: 'pdf',
    metadata: {},
    pages: [],
    blocks: [block],
    removed: [],
    links: [],
    images: [],
    warnings: [],
  };
  assert.equal(readReply(JSON.stringify({ type: 'parsed', parsed }))?.type, 'parsed');
  const beyond = { ...block, words: [{ start: 0, end: 99, page: 1, box: [0, 0, 1, 1] }] };
  assert.equal(
    readReply(JSON.stringify({ type: 'parsed', parsed: { ...parsed, blocks: [beyond] } })),
    undefined,
  );
  assert.equal(readReply('{"type":"parsed","parsed":{}}'), undefined);
  assert.equal(readReply('not json'), undefined);
});
