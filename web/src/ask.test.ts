import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addChunk, EMPTY } from './ask.ts';

test('text grows, citations ride on the last delta, and the end is seen', () => {
  const first = addChunk(EMPTY, { choices: [{ delta: { content: 'Dva měsíce. [1]' } }] });
  assert.equal(first.state, 'streaming');
  const annotation = {
    url_citation: { url: '/evidence/ver_1?from=0&to=5', title: 'Pravidla' },
    hradlo: { index: 1, heading_path: ['Pravidla', 'Lhůta'], page: null, quote: 'Dva měsíce.' },
  };
  const last = addChunk(first, {
    choices: [{ delta: { annotations: [annotation] } }],
    hradlo: { answer_id: 'ans_1', grade: 'answered', nearby: [] },
  });
  assert.equal(last.text, 'Dva měsíce. [1]');
  assert.deepEqual(
    last.sources.map((source) => source.headingPath),
    [['Pravidla', 'Lhůta']],
  );
  assert.equal(last.state, 'done');
});

test('an error inside the stream replaces what was there', () => {
  const answer = addChunk(EMPTY, { choices: [], error: { message: 'Nejde to.' } });
  assert.deepEqual([answer.state, answer.text], ['failed', 'Nejde to.']);
});
