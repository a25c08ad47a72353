import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api/errors.ts';
import { CutError, wholeAnswer, type AnswerSource } from './answer-stream.ts';
import type { StreamedEvent } from './ask.ts';

const word = (text: string, at: number): StreamedEvent => ({
  event: { type: 'text', text, isQuote: false, isContext: false },
  at,
});
const END: StreamedEvent = {
  event: {
    type: 'end',
    finishReason: 'stop',
    grade: 'answered',
    nearby: [],
    contact: null,
    support: [],
    dataClass: 'public',
    inputTokens: 1,
    outputTokens: 1,
  },
  at: 4,
};

/** Each line gives its events, and then breaks or ends. */
function makeSource(lines: readonly (readonly (StreamedEvent | Error)[])[]) {
  const asked: number[] = [];
  const waited: number[] = [];
  let line = 0;
  async function* next(): AsyncGenerator<StreamedEvent> {
    const events = lines[line] ?? [new ApiError('network', 'away')];
    line += 1;
    for (const event of events) {
      if (event instanceof Error) throw event;
      yield event;
    }
  }
  const source: AnswerSource = {
    first: next,
    readOn(after) {
      asked.push(after);
      return next();
    },
    wait: async (durationMs) => void waited.push(durationMs),
  };
  return { source, asked, waited };
}

async function textsOf(source: AnswerSource, signal = new AbortController().signal): Promise<string[]> {
  const texts: string[] = [];
  for await (const event of wholeAnswer(source, signal))
    texts.push(event.type === 'text' ? event.text : event.type);
  return texts;
}

test('a line that breaks is taken up where it broke, however often', async () => {
  const { source, asked } = makeSource([
    [word('Dva ', 1), new TypeError('network error')],
    [new ApiError('network', 'away')],
    [word('měsíce', 2)],
    [word('.', 3), END],
  ]);
  assert.deepEqual(await textsOf(source), ['Dva ', 'měsíce', '.', 'end']);
  assert.deepEqual(asked, [1, 1, 2]);
});

test('an answer that is over at the server was cut', async () => {
  const { source } = makeSource([[word('Dva ', 1)], [new ApiError('answer.not_found', 'gone')]]);
  await assert.rejects(textsOf(source), CutError);
});

test('what was refused, or never reached the server, is not tried again', async () => {
  for (const code of ['network', 'limit.exceeded', 'answer.not_found']) {
    const { source, asked } = makeSource([[new ApiError(code, 'no')]]);
    await assert.rejects(textsOf(source), { code });
    assert.deepEqual(asked, []);
  }
  const { source } = makeSource([[word('Dva ', 1), new ApiError('policy.blocked', 'no')]]);
  await assert.rejects(textsOf(source), { code: 'policy.blocked' });
});

test('a server that stays away is given up', async () => {
  const { source, waited } = makeSource([[word('Dva ', 1)]]);
  await assert.rejects(textsOf(source), CutError);
  assert.ok(waited.length > 5);
});

test('who stops is not kept waiting', async () => {
  const stop = new AbortController();
  const { source, asked } = makeSource([[word('Dva ', 1)]]);
  const events = wholeAnswer(source, stop.signal);
  await events.next();
  stop.abort();
  assert.equal((await events.next()).done, true);
  assert.deepEqual(asked, []);
});
