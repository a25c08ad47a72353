import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatModel } from '#contracts/index.ts';
import type { ChatDelta, ChatRequest, Evidence } from '#core/index.ts';
import { anEvidence } from '../fakes/evidence.ts';

/** A short request that every model can serve. */
export function plainRequest(text: string, sampling: ChatRequest['sampling'] = {}): ChatRequest {
  return { messages: [{ role: 'user', content: text }], evidence: [], sampling };
}

/** Everything that a model yields for a request. */
export async function collect(
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<ChatDelta[]> {
  return Array.fromAsync(model.stream(request, signal));
}

/** The answer's text alone. */
export function textOf(deltas: readonly ChatDelta[]): string {
  return deltas
    .map((delta) => (delta.type === 'text-delta' || delta.type === 'quote' ? delta.text : ''))
    .join('');
}

export interface ChatModelCase {
  readonly name: string;
  create(): Promise<ChatModel & Partial<AsyncDisposable>>;
  /** A request that makes the model say something; a short one over evidence where it is not given. */
  readonly request?: ChatRequest;
}

const EVIDENCE: readonly Evidence[] = [
  anEvidence({ text: 'Lhůta činí dva měsíce. Běží od prvního dne měsíce.' }),
];
const REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Jaká je lhůta?' }],
  evidence: EVIDENCE,
  sampling: { maxOutputTokens: 16 },
};

/** What every `ChatModel` must do. Each implementation's test, and each fake's, calls it with its factory. */
export function chatModelConformance({ name, create, request = REQUEST }: ChatModelCase): void {
  const collectOne = async (signal: AbortSignal): Promise<ChatDelta[]> => {
    const model = await create();
    try {
      return await Array.fromAsync(model.stream(request, signal));
    } finally {
      await model[Symbol.asyncDispose]?.();
    }
  };

  test(`${name}: ends with exactly one finish, after everything else`, async () => {
    const deltas = await collectOne(new AbortController().signal);
    assert.deepEqual(
      deltas.flatMap((delta, index) => (delta.type === 'finish' ? [index] : [])),
      [deltas.length - 1],
    );
  });

  test(`${name}: counts tokens as whole numbers, cached ones among the input`, async () => {
    const finish = (await collectOne(new AbortController().signal)).at(-1);
    assert.ok(finish?.type === 'finish');
    const { inputTokens, outputTokens, cachedInputTokens } = finish.usage;
    for (const count of [inputTokens, outputTokens, cachedInputTokens])
      assert.ok(Number.isSafeInteger(count) && count >= 0);
    assert.ok(cachedInputTokens <= inputTokens);
  });

  test(`${name}: quotes only what the evidence says, at its place`, async () => {
    for (const delta of await collectOne(new AbortController().signal)) {
      if (delta.type !== 'quote') continue;
      const { text } = request.evidence[delta.evidenceIndex]!;
      assert.equal(text.slice(delta.span.start, delta.span.end), delta.text);
    }
  });

  test(`${name}: an abort before the start ends as cancelled`, async () => {
    const finish = (await collectOne(AbortSignal.abort())).at(-1);
    assert.ok(finish?.type === 'finish');
    assert.equal(finish.reason, 'cancelled');
  });

  test(`${name}: text never breaks inside a character`, async () => {
    for (const delta of await collectOne(new AbortController().signal)) {
      if ('text' in delta) assert.ok(delta.text.isWellFormed());
    }
  });

  test(`${name}: a reader that stops early ends the stream`, async () => {
    const model = await create();
    try {
      for await (const delta of model.stream(request, new AbortController().signal)) {
        assert.ok(delta);
        break;
      }
    } finally {
      await model[Symbol.asyncDispose]?.();
    }
  });

  test(`${name}: more text never counts fewer tokens`, async () => {
    const model = await create();
    try {
      assert.ok(model.countTokens('jedna dvě tři čtyři pět') >= model.countTokens('jedna'));
      assert.equal(model.countTokens(''), 0);
    } finally {
      await model[Symbol.asyncDispose]?.();
    }
  });

  test(`${name}: never yields an empty text`, async () => {
    for (const delta of await collectOne(new AbortController().signal)) {
      if ('text' in delta) assert.notEqual(delta.text, '');
    }
  });

  test(`${name}: serves several requests at once, each with its own finish`, async () => {
    const model = await create();
    try {
      const all = await Promise.all([1, 2, 3].map(() => collect(model, request)));
      for (const deltas of all) assert.equal(deltas.at(-1)?.type, 'finish');
    } finally {
      await model[Symbol.asyncDispose]?.();
    }
  });
}
