import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitReason } from './exit-reason.ts';
import { restartDelay, RESTART_POLICY } from './restart-policy.ts';
import { StderrTail } from './stderr-tail.ts';

const EXIT = { code: null, signal: null, stderr: '', wasHung: false };

test('the cause of death is read from the last words', () => {
  const cause = (stderr: string) => exitReason({ ...EXIT, signal: 'SIGABRT', stderr }).cause;
  assert.equal(cause('ggml.c:12: GGML_ASSERT(x) failed'), 'assertion');
  assert.equal(cause("terminate called after throwing 'std::bad_alloc'"), 'out-of-memory');
  assert.equal(cause('llama_model_load: error loading model: invalid magic'), 'bad-file');
  assert.equal(cause(''), 'crashed');
  assert.equal(exitReason({ ...EXIT, signal: 'SIGKILL' }).cause, 'killed');
  assert.equal(
    exitReason({ ...EXIT, signal: 'SIGKILL', wasHung: true }).summary,
    'The engine did not answer and was ended.',
  );
  assert.equal(exitReason({ ...EXIT, code: 0 }).cause, 'stopped');
});

test('no cause shows a path', () => {
  const { summary } = exitReason({ ...EXIT, code: 1, stderr: 'failed to load model /secret/place.gguf' });
  assert.doesNotMatch(summary, /secret/);
});

test('restarts slow down, and a loop of crashes brings a rest', () => {
  assert.deepEqual(restartDelay([0], RESTART_POLICY), { delayMs: 100, isLoop: false });
  assert.deepEqual(restartDelay([0, 1_000], RESTART_POLICY), { delayMs: 200, isLoop: false });
  assert.deepEqual(restartDelay([0, 1_000, 2_000], RESTART_POLICY), { delayMs: 60_000, isLoop: true });
  assert.deepEqual(restartDelay([0, 1_000, 90_000], RESTART_POLICY), { delayMs: 100, isLoop: false });
});

test('only the end of the output is kept, and the dots of a load are counted across pieces', () => {
  const tail = new StderrTail(10);
  tail.push('load...\n');
  tail.push('.'.repeat(40));
  tail.push('.'.repeat(10));
  assert.equal(tail.loadedRatio, 0.5);
  tail.push('\nthe end of it');
  assert.equal(tail.text, 'end of it'.padStart(10));
});
