import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { createLogger } from './logger.ts';
import { toReadableLine } from './readable-line.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  write(createLogger('info', { format: 'text', destination }));
  return text;
}

test('an event reads as time, name, fields and duration', () => {
  const line = logged((logger) =>
    logger.info({ outcome: 'read', pages: 3, durationMs: 2321.5 }, 'document.read'),
  );
  assert.match(line, /^\d\d:\d\d:\d\d   document\.read outcome=read pages=3 2\.3 s\n$/);
});

test('an error shows its stack below', () => {
  const text = logged((logger) => logger.error({ error: new Error('gone') }, 'job.failed'));
  assert.match(text, /✗ job\.failed\nError: gone\n {4}at /);
});

test('control characters in a field do not reach the terminal', () => {
  const line = toReadableLine(
    JSON.stringify({ level: 'info', time: '2026-01-01T00:00:00Z', event: 'x', name: 'a\u001b[2Jb\nc' }),
  );
  assert.equal(line.includes('\u001b'), false);
  assert.equal(line.split('\n').length, 2);
});

test('what is no JSON stays as it is', () => {
  assert.equal(toReadableLine('plain\n'), 'plain\n');
});
