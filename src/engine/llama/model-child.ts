// The process of one model: the only place where native code runs on a model file. It is started by the supervisor,
// is told what to load, and dies alone when that goes wrong.
import { writeFileSync } from 'node:fs';
import { Batcher } from './batcher.ts';
import { limitMemory } from './bindings-child.ts';
import { findLibraries } from './library-files.ts';
import { normalised, runPooled, sigmoid } from './pooled-batches.ts';
import { promptTokens } from './prompt-tokens.ts';
import { PROTOCOL_VERSION, ToChild, type FromChild } from './protocol-schema.ts';
import { LlamaLibrary, type LoadedModel } from './runtime-child.ts';
import { selfCheck } from './self-check.ts';

type Load = Extract<ToChild, { type: 'load' }>;
type Generate = Extract<ToChild, { type: 'generate' }>;

interface Loaded {
  readonly model: LoadedModel;
  readonly batcher: Batcher;
  readonly load: Load;
}

/** Between 0 and 1000: the kernel ends the process with the most first when memory runs out. */
const FIRST_TO_DIE = '800';

/** Czech first: it takes more tokens than English, and an estimate should rather be too high. */
const SAMPLE =
  'Zaměstnanec je povinen předložit vyúčtování pracovní cesty do deseti pracovních dnů po jejím skončení. ' +
  'Žádost o výjimku schvaluje ředitel příslušného úseku. The invoice must be approved within 14 days.';

let loaded: Loaded | undefined;
/** Encoders run one request after another; their batches are full already. */
let pooledWork: Promise<unknown> = Promise.resolve();

function send(message: FromChild): void {
  process.send?.(message);
}

async function onLoad(message: Load): Promise<void> {
  const files = findLibraries(process.platform, process.arch);
  if (files === undefined) throw new Error('no engine library is installed for this machine');
  const library = new LlamaLibrary(files);
  limitMemory(message.memoryLimitBytes);
  await selfCheck((path, settings) => library.load(path, settings), message.scratchDirectory);
  const model = await library.load(message.path, message.runtime);
  const batcher = new Batcher(model, message.batcher, {
    nowMs: () => performance.now(),
    emit: (events) => send({ type: 'events', events: events.map((event) => ({ ...event })) }),
  });
  loaded = { model, batcher, load: message };
  const sampleTokens = model.tokenize(SAMPLE, { isStart: false, isControl: false }).length;
  send({ type: 'loaded', facts: model.facts, charsPerToken: SAMPLE.length / Math.max(1, sampleTokens) });
}

function onGenerate({ model, batcher }: Loaded, message: Generate): void {
  const { id } = message;
  const tokens = promptTokens(model, message.segments);
  const { salt, tenant, weight, priority, timeoutMs } = message;
  const { sampling } = message;
  const admission = batcher.submit({ id, tokens, sampling, salt, tenant, weight, priority, timeoutMs });
  if (admission.outcome === 'overloaded') send({ type: 'overloaded', id, waitMs: admission.waitMs });
  if (admission.outcome === 'context-exceeded') {
    const { promptTokens, contextTokens } = admission;
    send({ type: 'context-exceeded', id, promptTokens, contextTokens });
  }
}

async function onEmbed({ model, load }: Loaded, id: string, texts: readonly string[]): Promise<void> {
  const limit = Math.min(load.runtime.batchTokens, model.facts.contextTokens);
  const lists = texts.map((text) => cut(model.tokenize(text, { isStart: true, isControl: false }), limit));
  const vectors = await runPooled(model, lists, load.runtime);
  send({ type: 'vectors', id, vectors: vectors.map(normalised) });
}

async function onRerank(
  { model, load }: Loaded,
  message: Extract<ToChild, { type: 'rerank' }>,
): Promise<void> {
  const limit = Math.min(load.runtime.batchTokens, model.facts.contextTokens);
  const plain = { isStart: false, isControl: false };
  const { begin, end, separator } = model.frame;
  const query = [begin, ...model.tokenize(message.query, plain), end, separator];
  const lists = message.documents.map((document) =>
    cut(
      [...query, ...model.tokenize(document, plain), end].filter((token) => token !== undefined),
      limit,
    ),
  );
  const outputs = await runPooled(model, lists, load.runtime);
  send({ type: 'scores', id: message.id, scores: outputs.map(([score = 0]) => sigmoid(score)) });
}

/** At most `limit` tokens, with the closing one kept: encoders are trained to see it. */
function cut(tokens: readonly number[], limit: number): number[] {
  return tokens.length <= limit ? [...tokens] : [...tokens.slice(0, limit - 1), tokens.at(-1)!];
}

function afterOthers(id: string, work: () => Promise<void>): void {
  pooledWork = pooledWork
    .then(work)
    .catch((error: unknown) => send({ type: 'failed', id, reason: reasonOf(error) }));
}

function onMessage(message: ToChild): void {
  if (message.type === 'load') {
    onLoad(message).catch((error: unknown) => send({ type: 'load-failed', reason: reasonOf(error) }));
    return;
  }
  if (message.type === 'ping') {
    const stats = loaded?.batcher.stats;
    send({ type: 'pong', stepAgeMs: loaded?.batcher.stepAgeMs ?? 0, ...(stats && { stats }) });
    return;
  }
  const current = loaded;
  if (current === undefined) return;
  switch (message.type) {
    case 'generate':
      attempt(message.id, () => onGenerate(current, message));
      return;
    case 'abort':
      current.batcher.abort(message.id);
      return;
    case 'embed':
      afterOthers(message.id, () => onEmbed(current, message.id, message.texts));
      return;
    case 'rerank':
      afterOthers(message.id, () => onRerank(current, message));
      return;
  }
}

function attempt(id: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    // One request that cannot be served must not end the others; the supervisor turns this into an error for its caller.
    send({ type: 'failed', id, reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown failure';
}

try {
  writeFileSync('/proc/self/oom_score_adj', FIRST_TO_DIE);
} catch {
  // Not Linux, or not allowed: the kernel then chooses by size, which is mostly this process too.
}
process.on('message', (raw) => {
  const message = ToChild.safeParse(raw);
  if (message.success) onMessage(message.data);
});
// The product is gone: there is nobody to work for.
process.on('disconnect', () => process.exit(0));
send({ type: 'started', protocol: PROTOCOL_VERSION });
