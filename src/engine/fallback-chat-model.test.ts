import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '#core/index.ts';
import { chatModelConformance, collect, plainRequest, textOf } from '#test/conformance/chat-model.ts';
import { ScriptedChatModel } from '#test/fakes/scripted-chat-model.ts';
import { FallbackChatModel } from './fallback-chat-model.ts';

const away = new AppError('engine.unavailable', 'Away.');
const request = plainRequest('Jaká je lhůta?');

test('the next model answers when the first is away before it began', async () => {
  const model = new FallbackChatModel('a', [
    new ScriptedChatModel([], away),
    new ScriptedChatModel(['Dva.']),
  ]);
  const deltas = await collect(model, request);
  assert.equal(textOf(deltas), 'Dva.');
  assert.deepEqual(
    deltas.map((delta) => (delta.type === 'finish' ? delta.ranOn : '')),
    ['', 'test'],
  );
});

test('once a model began, nobody else goes on with its answer', async () => {
  const second = new ScriptedChatModel(['Tři.']);
  const model = new FallbackChatModel('a', [new ScriptedChatModel(['Dva '], away), second]);
  await assert.rejects(collect(model, request), { code: 'engine.unavailable' });
  assert.equal(second.requests.length, 0);
});

test('a wrong request is not asked again elsewhere, and the last failure is told', async () => {
  const second = new ScriptedChatModel(['Tři.']);
  const wrong = new AppError('model.context_exceeded', 'Too long.');
  await assert.rejects(
    collect(new FallbackChatModel('a', [new ScriptedChatModel([], wrong), second]), request),
    {
      code: 'model.context_exceeded',
    },
  );
  assert.equal(second.requests.length, 0);
  await assert.rejects(collect(new FallbackChatModel('a', [new ScriptedChatModel([], away)]), request), {
    code: 'engine.unavailable',
  });
});

chatModelConformance({
  name: 'models with a fallback',
  create: async () => new FallbackChatModel('a', [new ScriptedChatModel(['Dva ', 'měsíce.'])]),
});
