import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnText } from '#conversation/index.ts';
import {
  AppError,
  expectDigest,
  expectId,
  type AnswerEvent,
  type AnswerRequest,
  type Authentication,
} from '#core/index.ts';
import { converse, type ConverseDeps } from './converse.ts';

const body = '0'.repeat(26);
const place = {
  conversationId: expectId('conversation', `cnv_${body}`),
  turnId: expectId('turn', `trn_${body}`),
};
const answerId = expectId('answer', `ans_${body}`);

function request(authentication: Authentication = { kind: 'system' }): AnswerRequest {
  return {
    model: 'hradlo',
    messages: [{ role: 'user', content: 'Jaká je lhůta?' }],
    sampling: {},
    scope: {},
    dialect: 'hradlo',
    signal: new AbortController().signal,
    conversation: place,
    principal: {
      tenantId: expectId('tenant', `ten_${body}`),
      issuer: 'test',
      subject: 'anna',
      displayName: 'Anna',
      groups: [],
      roles: ['user'],
      attributes: {},
      authentication,
    },
  };
}

const START: AnswerEvent = {
  type: 'answer-start',
  answerId,
  model: 'hradlo',
  mode: 'quoted',
  createdAtMs: 0,
  releaseDigest: expectDigest(`sha256:${'0'.repeat(64)}`),
};
const text = (words: string, isQuote = false): AnswerEvent => ({
  type: 'text-delta',
  text: words,
  isQuote,
  isContext: false,
});
const END: AnswerEvent = {
  type: 'answer-end',
  finishReason: 'stop',
  grade: 'answered',
  citations: [],
  support: [],
  nearby: [],
  contact: undefined,
  dataClass: 'public',
  usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
};

function makeDeps(changes: Partial<ConverseDeps['book']> = {}) {
  const log: string[] = [];
  const ended: { text: TurnText; state: string; answerId: string | undefined }[] = [];
  const deps: ConverseDeps = {
    clock: { nowMs: () => 5, monotonicMs: () => 5 },
    titleOf: (question) => question,
    encode: (event) => (event.type === 'text-delta' ? event.text : event.type),
    onLost: () => log.push('lost'),
    book: {
      beginTurn: async (_, __, { title }) => void log.push(`begin ${title}`),
      endTurn: async (_, __, turn) => void ended.push(turn),
      ...changes,
    },
  };
  return { deps, log, ended };
}

async function* saying(...events: AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* events;
}

test('text of one kind is kept as one event, in its order', async () => {
  const { deps, ended } = makeDeps();
  const events = [START, text('Lhůta '), text('je '), text('dva měsíce', true), text('.'), END];
  const sent = await Array.fromAsync(converse(deps, () => saying(...events), request()));
  assert.deepEqual(sent, events);
  const [turn] = ended;
  assert.deepEqual(turn?.text.events, ['answer-start', 'Lhůta je ', 'dva měsíce', '.', 'answer-end']);
  assert.deepEqual([turn?.state, turn?.answerId, turn?.text.question], ['ended', answerId, 'Jaká je lhůta?']);
});

test('no word goes out before the question is kept', async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const { deps, ended } = makeDeps({ beginTurn: () => promise });
  const events = converse(deps, () => saying(START, END), request());
  const first = events[Symbol.asyncIterator]().next();
  reject(new AppError('storage.full', 'Full.'));
  await assert.rejects(first, { code: 'storage.full' });
  assert.deepEqual(ended, []);
});

test('an asker who hangs up finds what had been said', async () => {
  const { deps, ended } = makeDeps();
  for await (const event of converse(deps, () => saying(START, text('Lhůta'), text(' je')), request()))
    if (event.type === 'text-delta') break;
  assert.deepEqual([ended[0]?.state, ended[0]?.text.events], ['cancelled', ['answer-start', 'Lhůta']]);
});

test('a refusal is kept with its reason', async () => {
  const { deps, ended, log } = makeDeps();
  const refuse = async function* (): AsyncGenerator<AnswerEvent> {
    yield* saying();
    throw new AppError('limit.exceeded', 'Too many.');
  };
  await assert.rejects(Array.fromAsync(converse(deps, refuse, request())), { code: 'limit.exceeded' });
  assert.deepEqual(log, ['begin Jaká je lhůta?']);
  assert.deepEqual([ended[0]?.state, ended[0]?.text.error?.code], ['failed', 'limit.exceeded']);
});

test('an answer that cannot be kept still goes out, and it is said', async () => {
  const { deps, log } = makeDeps({ endTurn: () => Promise.reject(new Error('no disk')) });
  assert.equal((await Array.fromAsync(converse(deps, () => saying(START, END), request()))).length, 2);
  assert.deepEqual(log, ['begin Jaká je lhůta?', 'lost']);
});

test('without a conversation nothing is kept', async () => {
  const { deps, log, ended } = makeDeps();
  const { conversation: _, ...alone } = request();
  await Array.fromAsync(converse(deps, () => saying(START, END), alone));
  assert.deepEqual([log, ended], [[], []]);
});

test('a key for some collections keeps and reaches no conversation', async () => {
  const { deps } = makeDeps();
  const key = { kind: 'api-key', keyId: expectId('key', `key_${body}`), scope: { collections: [] } } as const;
  await assert.rejects(Array.fromAsync(converse(deps, () => saying(START, END), request(key))), {
    code: 'auth.forbidden',
  });
});
