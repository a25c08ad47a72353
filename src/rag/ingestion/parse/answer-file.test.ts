import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { AnswerFile, answeredIn, openAnswer, sealAnswer } from './answer-file.ts';
import { toFrame } from './frames.ts';
import { PARSE_LIMITS } from './parse-limits.ts';
import type { ParseRequest } from './parse-request.ts';
import { readDocumentMessage } from './read-reply.ts';
import { readerCommand } from './reader-command.ts';
import { guard, probeSandbox } from './sandbox.ts';

const whole = (folder: string) =>
  readdirSync(folder).map((name) => openAnswer(readFileSync(join(folder, name))));

function opened(folder: string): AnswerFile {
  const file = AnswerFile.open(folder);
  assert.ok(file !== undefined);
  return file;
}

/** What the end of the program is to its reader: every pipe closes. */
function forsake(reader: ChildProcess): void {
  for (const stream of reader.stdio) stream?.destroy();
}

test('an answer is to what was named before it was written, and only a whole one counts', () => {
  using folder = scratchFolder('answer-file');
  const sealed = sealAnswer(Buffer.from('odpověď'));
  {
    using file = opened(folder.path);
    assert.deepEqual(readdirSync(folder.path).map(answeredIn), ['']);
    assert.equal(file.begin('a'), true);
    writeSync(file.fd, sealed, 0, undefined, 0);
    assert.deepEqual(readdirSync(folder.path).map(answeredIn), ['a']);
    assert.equal(Buffer.from(whole(folder.path)[0]!).toString(), 'odpověď');
    file.clear();
    assert.deepEqual(whole(folder.path), [undefined]);
    file.begin('b');
    assert.deepEqual([readdirSync(folder.path).map(answeredIn), whole(folder.path)], [['b'], [undefined]]);
    rmSync(folder.path, { recursive: true });
    assert.equal(file.begin('c'), false);
    assert.equal(AnswerFile.open(folder.path), undefined);
  }
  for (let size = 0; size < sealed.length; size++)
    assert.equal(openAnswer(sealed.subarray(0, size)), undefined);
  assert.equal(answeredIn('0123456789abcdef'), undefined);
});

test('a reader whose program has ended brings the file in hand to its end', async () => {
  using folder = scratchFolder('answer-left');
  using file = opened(folder.path);
  file.begin('a');
  const command = readerCommand(probeSandbox(), { ...PARSE_LIMITS, cpuSeconds: 60 });
  const reader = spawn(command.file, command.args, {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', file.fd, 'pipe'],
    env: command.environment,
    cwd: '/',
    detached: true,
  });
  const ended = once(reader, 'exit');
  const request: ParseRequest = { fileName: 'a.md', passwords: [], handsOut: false, keepsAnswer: true };
  const frames = Buffer.concat([
    toFrame(Buffer.from(JSON.stringify(request))),
    toFrame(Buffer.from('# Nadpis')),
  ]);
  await new Promise((resolve) => reader.stdin?.write(frames, resolve));
  forsake(reader);
  await ended;
  const [message] = whole(folder.path);
  assert.equal(message && readDocumentMessage(message)?.title, 'Nadpis');
});

test('a reader that goes on without its program is ended soon, and one that ends says how', async () => {
  const { shell } = probeSandbox();
  if (shell === undefined) return;
  const run = (file: string, ...args: string[]): ChildProcess => {
    const command = guard(shell, { file, args }, 0.05);
    return spawn(command.file, command.args, {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe', 'ignore', 'pipe'],
      detached: true,
    });
  };
  const hanging = run('sleep', '60');
  forsake(hanging);
  assert.deepEqual(await once(hanging, 'exit'), [137, null]);
  const failing = run(shell, '-c', 'exit 7');
  assert.deepEqual(await once(failing, 'exit'), [7, null]);
});
