import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ChatDelta } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import { cite, type CitationFaults } from './cite.ts';

const EVIDENCE = [
  anEvidence({ text: 'První věta. Druhá věta.' }),
  anEvidence({ chunkRow: 2 as never, text: 'Jiná.' }),
];
const FINISH: ChatDelta = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 },
};

async function run(deltas: readonly ChatDelta[]) {
  const faults: CitationFaults = { unresolvedMarkers: 0, falseQuotes: 0 };
  async function* stream() {
    yield* [...deltas, FINISH];
  }
  const events = await Array.fromAsync(cite(stream(), EVIDENCE, faults));
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  const citations = events.flatMap((event) => (event.type === 'citation' ? [event.citation] : []));
  return { text, citations, faults, last: events.at(-1)?.type };
}

test('a quote gets its marker and a citation of the very sentence in the whole text', async () => {
  const span = { start: 12, end: 23 };
  const { text, citations } = await run([
    { type: 'quote', evidenceIndex: 0, span, text: 'Druhá věta.', isContext: false },
  ]);
  assert.equal(text, 'Druhá věta. [1]');
  assert.deepEqual(
    citations.map(({ index, quote, span: at }) => [index, quote, at]),
    [[1, 'Druhá věta.', { start: 112, end: 123 }]],
  );
});

test('a quote that is not what the evidence says is left out and counted', async () => {
  const { text, citations, faults } = await run([
    { type: 'quote', evidenceIndex: 0, span: { start: 0, end: 5 }, text: 'Třetí', isContext: false },
    { type: 'quote', evidenceIndex: 7, span: { start: 0, end: 1 }, text: 'x', isContext: false },
  ]);
  assert.deepEqual([text, citations.length, faults.falseQuotes], ['', 0, 2]);
});

test('a marker that names evidence becomes a citation once, one that does not is taken out and counted', async () => {
  const { text, citations, faults } = await run([{ type: 'text-delta', text: 'A [2]. B [9]. C [2].' }]);
  assert.equal(text, 'A [1]. B . C [1].');
  assert.deepEqual([citations.length, faults.unresolvedMarkers], [1, 1]);
});

test('wherever the stream is cut, text and citations are the same', async () => {
  const whole = 'Jedna [1], dvě [2] a [55] konec [x] [';
  const expected = await run([{ type: 'text-delta', text: whole }]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length)), async (cuts) => {
      const places = [...new Set([0, ...cuts, whole.length])].toSorted((a, b) => a - b);
      const parts = places.slice(1).map((end, index) => whole.slice(places[index], end));
      const actual = await run(parts.map((text): ChatDelta => ({ type: 'text-delta', text })));
      assert.deepEqual(actual, expected);
    }),
  );
  assert.equal(expected.last, 'finish');
});

test('without evidence a text has no markers: brackets stay as they are', async () => {
  async function* stream(): AsyncGenerator<ChatDelta> {
    yield { type: 'text-delta', text: 'first = a[0]' };
    yield FINISH;
  }
  const faults: CitationFaults = { unresolvedMarkers: 0, falseQuotes: 0 };
  const [said] = await Array.fromAsync(cite(stream(), [], faults));
  assert.ok(said?.type === 'text-delta' && said.text === 'first = a[0]');
  assert.equal(faults.unresolvedMarkers, 0);
});
