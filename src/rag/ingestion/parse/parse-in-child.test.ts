import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { FrameReader, FrameTooLarge, toFrame } from './frames.ts';
import { emptyDocument, type Block, type ParsedDocument, type Word } from './parsed-document.ts';
import { DocumentParser, isQuarantine } from './parse-in-child.ts';
import { readReply } from './read-reply.ts';
import { describeSandbox, sandboxed } from './sandbox.ts';
import { toReplyMessage } from './write-reply.ts';

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
  // Long enough to read that the watch looks in between.
  const long = text('Slovo a další slova. '.repeat(200_000));
  await using parser = new DocumentParser({ limits: { stallMs: 1 } });
  const outcome = await parser.parse(long);
  assert.ok(isQuarantine(outcome));
  assert.equal(outcome.quarantine, 'timed-out');
  await using small = new DocumentParser({ limits: { memoryBytes: 1024 * 1024 } });
  const heavy = await small.parse(long);
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

/** A reader that was taken over by the file `evil`: it answers with what only looks like a document. */
const TAKEN_OVER = `
const frame = (head) => {
  const text = Buffer.from(head);
  const bytes = Buffer.alloc(8 + text.length);
  bytes.writeUInt32BE(4 + text.length);
  bytes.writeUInt32BE(text.length, 4);
  text.copy(bytes, 8);
  return bytes;
};
const say = (head) => require('fs').writeSync(3, frame(head));
say('{"type":"ready"}');
process.stdin.on('data', (piece) => {
  const text = piece.toString();
  if (text.includes('evil')) say('{"type":"parsed","parsed":{}}');
  if (text.includes('good'))
    setTimeout(() => say('{"type":"quarantined","verdict":{"quarantine":"empty","detail":{}}}'), 200);
});
`;

test('a file that a reader had in hand when it was found out is read by another one', async () => {
  using folder = scratchFolder('taken-over');
  const [script, start] = [join(folder.path, 'reader.cjs'), join(folder.path, 'start')];
  writeFileSync(script, TAKEN_OVER);
  writeFileSync(start, `#!/bin/sh\nexec "${process.execPath}" "${script}"\n`, { mode: 0o700 });
  await using parser = new DocumentParser({
    sandbox: { bubblewrap: undefined, prlimit: start, hasMemoryWatch: false },
  });
  const [evil, good] = await Promise.all([parser.parse(text('evil')), parser.parse(text('good'))]);
  assert.deepEqual(evil, { quarantine: 'damaged', detail: { cause: 'answer-malformed' } });
  assert.deepEqual(good, { quarantine: 'empty', detail: {} });
  assert.equal(parser.started, 2);
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
  const given = {
    limits,
    environment: { HOME: '/tmp', NODE_COMPILE_CACHE: '/code' },
    readable: ['/code'],
  };
  const full = sandboxed(
    { bubblewrap: '/usr/bin/bwrap', prlimit: '/usr/bin/prlimit', hasMemoryWatch: true },
    '/x.ts',
    given,
  );
  assert.equal(full.file, '/usr/bin/prlimit');
  for (const part of ['--cpu=60', '--unshare-all', '--clearenv', '--max-old-space-size=100'])
    assert.ok(full.args.includes(part), part);
  assert.match(
    full.args.join(' '),
    /--clearenv --setenv HOME \/tmp --setenv NODE_COMPILE_CACHE \/code .*--ro-bind \/code \/code /,
  );
  const bare = sandboxed(
    { bubblewrap: undefined, prlimit: undefined, hasMemoryWatch: false },
    '/x.ts',
    given,
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
  const word: Word = { start: 0, end: 3, page: 1, box: [0, 0.25, 10.01, 1] };
  const answer = (words: readonly Word[]): Uint8Array => {
    const block: Block = { kind: 'paragraph', text: 'abc', words };
    const blocks: readonly Block[] = [{ kind: 'heading', level: 1, text: 'bez míst' }, block, block];
    const parsed: ParsedDocument = { ...emptyDocument('pdf'), blocks };
    return toReplyMessage({ type: 'parsed', parsed });
  };
  const read = readReply(answer([word]));
  assert.ok(read?.type === 'parsed');
  assert.deepEqual(
    read.parsed.blocks.map(({ words }) => words),
    [undefined, [word], [word]],
  );
  const wrong: readonly Partial<Word>[] = [{ end: 4 }, { start: -1 }, { start: 0.5 }, { page: 0 }];
  for (const part of [...wrong, { start: 3, end: 0 }, { box: [0, 0, Number.NaN, 1] as const }])
    assert.equal(readReply(answer([{ ...word, ...part }])), undefined, JSON.stringify(part));
  assert.equal(readReply(answer([word]).subarray(0, -8)), undefined);
  assert.equal(readReply(Buffer.concat([answer([word]), new Uint8Array(8)])), undefined);
  assert.equal(readReply(Buffer.concat([answer([word]), new Uint8Array(1)])), undefined);
});

test('what is no answer of the child is told from one, however it is broken', () => {
  const message = (head: string): Uint8Array => {
    const bytes = Buffer.from(head);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    return Buffer.concat([size, bytes]);
  };
  assert.deepEqual(readReply(message('{"type":"ready"}')), { type: 'ready' });
  for (const head of ['{"type":"parsed","parsed":{}}', 'not json', '', '{"type":"ready"} '.slice(0, 5)])
    assert.equal(readReply(message(head)), undefined, head);
  assert.equal(readReply(new Uint8Array(3)), undefined);
  assert.equal(readReply(Buffer.from([255, 255, 255, 255, 0])), undefined);
});
