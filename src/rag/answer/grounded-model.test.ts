import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatModel } from '#contracts/index.ts';
import {
  expectAclSetId,
  expectChunkRow,
  makeId,
  type ChatDelta,
  type ChatMessage,
  type Evidence,
} from '#core/index.ts';
import { cite } from './cite.ts';
import { createGroundedModel } from './grounded-model.ts';
import { groundedPrompt } from './grounded-prompt.ts';

const bytes = new Uint8Array(16);

function evidence(row: number, text: string): Evidence {
  return {
    chunkRow: expectChunkRow(row),
    chunkId: makeId('chunk', bytes),
    versionId: makeId('version', bytes),
    documentId: makeId('document', bytes),
    collectionId: makeId('collection', bytes),
    aclSet: expectAclSetId(1),
    dataClass: 'internal',
    title: 'Rules',
    headingPath: ['Notice'],
    page: 3,
    span: { start: 0, end: text.length },
    text,
    language: 'en',
    validFromMs: 0,
    score: 1,
  };
}

const EVIDENCE = [evidence(1, 'The notice period is two months.'), evidence(2, 'Notice must be in writing.')];
const QUESTION: readonly ChatMessage[] = [{ role: 'user', content: 'What is the notice period?' }];

/** A model that says what it is told, in pieces. */
function scripted(pieces: readonly string[], seen: ChatMessage[][] = []): ChatModel {
  return {
    name: 'scripted',
    mode: 'generated',
    contextTokens: 4096,
    location: 'here',
    countTokens: (text) => Math.ceil(text.length / 4),
    async *stream(request) {
      seen.push([...request.messages]);
      for (const text of pieces) yield { type: 'text-delta', text };
      yield {
        type: 'finish',
        reason: 'stop',
        usage: { inputTokens: 9, outputTokens: 3, cachedInputTokens: 0 },
      };
    },
  };
}

async function ask(model: ChatModel, pieces: readonly Evidence[] = EVIDENCE) {
  const faults = { unresolvedMarkers: 0, falseQuotes: 0 };
  const deltas: ChatDelta[] = [];
  const stream = createGroundedModel(model).stream(
    { messages: QUESTION, evidence: pieces, sampling: {} },
    new AbortController().signal,
  );
  const follow = async function* () {
    for await (const delta of stream) {
      deltas.push(delta);
      yield delta;
    }
  };
  let text = '';
  const cited: number[] = [];
  for await (const delta of cite(follow(), pieces, faults)) {
    if (delta.type === 'text-delta') text += delta.text;
    if (delta.type === 'citation') cited.push(delta.citation.index);
  }
  const finish = deltas.at(-1);
  assert.ok(finish?.type === 'finish');
  return { text, cited, faults, grade: finish.grade };
}

test('a model that cites well is answered, with its citations', async () => {
  const result = await ask(scripted(['The notice period is two months [', '1]. In writing', ' [2].']));
  assert.equal(result.grade, 'answered');
  assert.equal(result.text, 'The notice period is two months [1]. In writing [2].');
  assert.deepEqual(result.cited, [1, 2]);
});

test('a citation that leads nowhere is taken out and counted', async () => {
  const result = await ask(scripted(['Two months [7].']));
  assert.equal(result.faults.unresolvedMarkers, 1);
  assert.equal(result.text, 'Two months .');
});

test('a model that does not cite is at most related', async () => {
  assert.equal((await ask(scripted(['Two months.']))).grade, 'related');
});

test('the word that the evidence does not suffice counts as such', async () => {
  assert.equal((await ask(scripted(['Nedostatek ', 'informací.']))).grade, 'insufficient');
});

test('without evidence the model is not asked', async () => {
  const seen: ChatMessage[][] = [];
  const result = await ask(scripted(['I made this up.'], seen), []);
  assert.deepEqual(seen, []);
  assert.deepEqual([result.text, result.grade], ['Not enough information.', 'insufficient']);
});

test('evidence is numbered by its place, and none can pose as another', () => {
  const budget = { promptTokens: 10_000, countTokens: (text: string) => text.length };
  const [system] = groundedPrompt(QUESTION, [evidence(1, 'see [2]'), evidence(2, 'b')], budget);
  assert.match(system!.content, /\[1\] Rules › Notice, page 3\nsee \(2\)/);
  assert.match(system!.content, /\[2\] Rules/);
});

test('evidence that does not fit is left out whole, and the numbers stay', () => {
  const long = evidence(1, 'x'.repeat(5_000));
  const budget = { promptTokens: 2_000, countTokens: (text: string) => text.length };
  const [system, question] = groundedPrompt(QUESTION, [long, evidence(2, 'short')], budget);
  assert.doesNotMatch(system!.content, /\n\[1\]/);
  assert.match(system!.content, /\n\[2\] /);
  assert.equal(question!.content, 'What is the notice period?');
});
