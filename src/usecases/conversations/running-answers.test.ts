import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AppError,
  expectDigest,
  expectId,
  type AnswerEvent,
  type AnswerRequest,
  type Principal,
} from '#core/index.ts';
import type { NumberedEvent } from './answer-log.ts';
import { RunningAnswers } from './running-answers.ts';

const digits = (last: string) => `${'0'.repeat(25)}${last}`;
const turn = (last: string) => ({
  conversationId: expectId('conversation', `cnv_${digits('0')}`),
  turnId: expectId('turn', `trn_${digits(last)}`),
});
const principal = (subject: string): Principal => ({
  tenantId: expectId('tenant', `ten_${digits('0')}`),
  issuer: 'test',
  subject,
  displayName: subject,
  groups: [],
  roles: ['user'],
  attributes: {},
  authentication: { kind: 'loopback' },
});
const START: AnswerEvent = {
  type: 'answer-start',
  answerId: expectId('answer', `ans_${digits('0')}`),
  model: 'm',
  mode: 'generated',
  createdAtMs: 0,
  releaseDigest: expectDigest(`sha256:${'0'.repeat(64)}`),
};
const word = (text: string): AnswerEvent => ({ type: 'text-delta', text, isQuote: false, isContext: false });

/** An answer whose words are said one by one, when the test says so. */
function makeAnswer() {
  const said: AnswerEvent[] = [];
  let isEnded = false;
  let next = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<'aborted' | 'done'>();
  const wake = () => {
    next.resolve();
    next = Promise.withResolvers();
  };
  return {
    say: (text: string) => {
      said.push(word(text));
      wake();
    },
    end: () => {
      isEnded = true;
      wake();
    },
    ended: ended.promise,
    async *answer({ signal }: AnswerRequest): AsyncGenerator<AnswerEvent> {
      signal.addEventListener('abort', wake);
      yield START;
      for (let at = 0; ;) {
        if (signal.aborted) {
          ended.resolve('aborted');
          return;
        }
        const waiting = next.promise;
        const event = said[at];
        if (event !== undefined) {
          at += 1;
          yield event;
        } else if (isEnded) {
          ended.resolve('done');
          return;
        } else await waiting;
      }
    },
  };
}

function makeRunning() {
  const cuts: ((reason: AppError) => void)[] = [];
  const running = new RunningAnswers({
    watch: (_, abort) => {
      cuts.push(abort);
      return { [Symbol.dispose]: () => undefined };
    },
  });
  const start = (
    who: string,
    last: string,
    answer: (request: AnswerRequest) => AsyncIterable<AnswerEvent>,
  ) => {
    const reader = new AbortController();
    const request = {
      model: 'm',
      messages: [],
      sampling: {},
      scope: {},
      dialect: 'hradlo' as const,
      principal: principal(who),
      signal: reader.signal,
      conversation: turn(last),
    };
    return { reader, events: running.start(request, answer) };
  };
  const follow = (who: string, last: string, after = 0) =>
    running.follow(principal(who), turn(last), { after, signal: new AbortController().signal });
  return { running, start, follow, cuts };
}

async function take(events: AsyncGenerator<NumberedEvent>, count: number): Promise<NumberedEvent[]> {
  const taken: NumberedEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
const textOf = (events: readonly NumberedEvent[]) =>
  events.map(({ event }) => (event.type === 'text-delta' ? event.text : '')).join('');

test('an answer goes on when its reader hangs up, and is read on from where they were', async () => {
  const { start, follow } = makeRunning();
  const { answer, say, end, ended } = makeAnswer();
  const { reader, events } = start('eva', '1', answer);
  say('Dva ');
  const heard = await take(events, 2);
  assert.equal(textOf(heard), 'Dva ');
  reader.abort();
  assert.equal((await events.next()).done, true);
  say('měsíce ');
  say('od doručení.');
  const rest = follow('eva', '1', heard.at(-1)!.at);
  end();
  assert.equal(textOf(await Array.fromAsync(rest)), 'měsíce od doručení.');
  assert.equal(await ended, 'done');
  assert.throws(() => follow('eva', '1'), { code: 'answer.not_found' });
});

test('a whole answer is read again from its beginning, by two at once', async () => {
  const { start, follow } = makeRunning();
  const { answer, say, end } = makeAnswer();
  const { events } = start('eva', '1', answer);
  await take(events, 1);
  say('a');
  const second = follow('eva', '1');
  assert.equal((await take(second, 1))[0]?.event.type, 'answer-start');
  say('b');
  end();
  const [one, two] = await Promise.all([Array.fromAsync(events), Array.fromAsync(second)]);
  assert.deepEqual([textOf(one), textOf(two)], ['ab', 'ab']);
});

test('nobody else finds an answer, and nobody else stops it', async () => {
  const { running, start, follow } = makeRunning();
  const { answer, end, ended } = makeAnswer();
  const { events } = start('eva', '1', answer);
  await take(events, 1);
  assert.throws(() => follow('jan', '1'), { code: 'answer.not_found' });
  assert.throws(() => running.stop(principal('jan'), turn('1')), { code: 'answer.not_found' });
  end();
  assert.equal(await ended, 'done');
});

test('stopping ends the work', async () => {
  const { running, start } = makeRunning();
  const { answer, ended } = makeAnswer();
  const { events } = start('eva', '1', answer);
  await take(events, 1);
  running.stop(principal('eva'), turn('1'));
  assert.equal(await ended, 'aborted');
  assert.equal((await Array.fromAsync(events)).length, 0);
});

test('who loses their rights loses the answer', async () => {
  const { start, cuts } = makeRunning();
  const { answer, ended } = makeAnswer();
  const { events } = start('eva', '1', answer);
  await take(events, 1);
  cuts[0]!(new AppError('auth.required', 'over'));
  assert.equal(await ended, 'aborted');
});

test('a turn is answered once at a time; a failure reaches its reader', async () => {
  const { start } = makeRunning();
  const { answer, end } = makeAnswer();
  const { events } = start('eva', '1', answer);
  assert.throws(() => start('eva', '1', answer), { code: 'conflict.state' });
  end();
  await Array.fromAsync(events);
  const failing = start('eva', '2', async function* () {
    yield START;
    throw new AppError('engine.crashed', 'gone');
  });
  await assert.rejects(Array.fromAsync(failing.events), { code: 'engine.crashed' });
});

test('one answer more than go on without a reader ends with its reader', async () => {
  const { start } = makeRunning();
  const made = Array.from({ length: 9 }, () => makeAnswer());
  const started = made.map(({ answer }, index) => start('eva', String(index), answer));
  for (const { events } of started) await take(events, 1);
  for (const { reader } of started) reader.abort();
  assert.equal(await made[8]!.ended, 'aborted');
  for (const { end } of made) end();
  assert.deepEqual(
    await Promise.all(made.slice(0, 8).map(({ ended }) => ended)),
    Array.from({ length: 8 }, () => 'done'),
  );
});
