// The process of one model: the only place where native code runs on a model file. It is started by the supervisor,
// is told what to load, and dies alone when that goes wrong.
import { writeFileSync } from 'node:fs';
import { Batcher } from './batcher.ts';
import { limitMemory } from './bindings-child.ts';
import { findGpuLibraries, findLibraries, sayGpuPackages, type LibraryFiles } from './library-files.ts';
import { EncoderQueue, normalised, sigmoid } from './encoder-queue.ts';
import { promptTokens } from './prompt-tokens.ts';
import { PROTOCOL_VERSION, ToChild, type FromChild } from './protocol-schema.ts';
import { LlamaLibrary, type LoadedModel } from './runtime-child.ts';
import { selfCheck } from './self-check.ts';

type Load = Extract<ToChild, { type: 'load' }>;
type Generate = Extract<ToChild, { type: 'generate' }>;

interface Loaded {
  readonly model: LoadedModel;
  readonly batcher: Batcher;
  readonly encoder: EncoderQueue;
  readonly load: Load;
}

/** Between 0 and 1000: the kernel ends the process with the most first when memory runs out. */
const FIRST_TO_DIE = '800';

/** Czech first: it takes more tokens than English, and an estimate should rather be too high. */
const SAMPLE =
  'Zaměstnanec je povinen předložit vyúčtování pracovní cesty do deseti pracovních dnů po jejím skončení. ' +
  'Žádost o výjimku schvaluje ředitel příslušného úseku. The invoice must be approved within 14 days.';

let loaded: Loaded | undefined;

function send(message: FromChild): void {
  process.send?.(message);
}

async function onLoad(message: Load): Promise<void> {
  const files = librariesFor(message.runtime.gpuLayers);
  const library = new LlamaLibrary(files);
  limitMemory(message.memoryLimitBytes);
  await selfCheck((path, settings) => library.load(path, settings), message.scratchDirectory);
  const model = await library.load(message.path, message.runtime);
  const batcher = new Batcher(model, message.batcher, {
    nowMs: () => performance.now(),
    emit: (events) => send({ type: 'events', events: events.map((event) => ({ ...event })) }),
  });
  const { batchTokens, sequences } = message.runtime;
  const { stepTargetMs } = message.batcher;
  if (message.runtime.purpose === 'chat') await batcher.warmUp();
  const encoder = new EncoderQueue(model, { batchTokens, sequences, stepTargetMs }, () => performance.now());
  loaded = { model, batcher, encoder, load: message };
  const sampleTokens = model.tokenize(SAMPLE, { isStart: false, isControl: false }).length;
  send({ type: 'loaded', facts: model.facts, charsPerToken: SAMPLE.length / Math.max(1, sampleTokens) });
}

function librariesFor(gpuLayers: number): LibraryFiles {
  const { platform, arch } = process;
  const files = gpuLayers > 0 ? findGpuLibraries(platform, arch) : findLibraries(platform, arch);
  if (files !== undefined) return files;
  throw new Error(
    gpuLayers > 0
      ? `engine.gpuLayers is ${gpuLayers}, but no library for a GPU is installed. ${sayGpuPackages(platform, arch)}`
      : 'no engine library is installed for this machine',
  );
}

function onGenerate({ model, batcher }: Loaded, message: Generate): void {
  const { id } = message;
  const tokens = promptTokens(model, message.segments);
  const { salt, tenant, weight, priority, timeoutMs } = message;
  const { sampling } = message;
  const admission = batcher.submit({
    id,
    tokens,
    sampling,
    salt,
    tenant,
    weight,
    priority,
    timeoutMs,
  });
  if (admission.outcome === 'context-exceeded') {
    const { promptTokens, contextTokens } = admission;
    send({ type: 'context-exceeded', id, promptTokens, contextTokens });
  }
}

async function onEmbed(
  { model, encoder, load }: Loaded,
  { id, texts, isUrgent }: Extract<ToChild, { type: 'embed' }>,
): Promise<void> {
  const limit = Math.min(load.runtime.batchTokens, model.facts.contextTokens);
  const lists = texts.map((text) => cut(model.tokenize(text, { isStart: true, isControl: false }), limit));
  const vectors = await encoder.run(id, lists, { isUrgent });
  send({ type: 'vectors', id, vectors: vectors.map(normalised), inputTokens: countOf(lists) });
}

async function onRerank(
  { model, encoder, load }: Loaded,
  { id, query, documents }: Extract<ToChild, { type: 'rerank' }>,
): Promise<void> {
  const limit = Math.min(load.runtime.batchTokens, model.facts.contextTokens);
  const plain = { isStart: false, isControl: false };
  const { begin, end, separator } = model.frame;
  const asked = [begin, ...model.tokenize(query, plain), end, separator];
  const lists = documents.map((document) =>
    cut(
      [...asked, ...model.tokenize(document, plain), end].filter((token) => token !== undefined),
      limit,
    ),
  );
  const outputs = await encoder.run(id, lists, { isUrgent: true });
  const scores = outputs.map(([score = 0]) => sigmoid(score));
  send({ type: 'scores', id, scores, inputTokens: countOf(lists) });
}

/** At most `limit` tokens and at least one, with the closing one kept: encoders are trained to see it. */
function cut(tokens: readonly number[], limit: number): number[] {
  if (tokens.length === 0) return [0];
  return tokens.length <= limit ? [...tokens] : [...tokens.slice(0, limit - 1), tokens.at(-1)!];
}

function countOf(lists: readonly (readonly number[])[]): number {
  return lists.reduce((sum, { length }) => sum + length, 0);
}

function encode(id: string, work: Promise<void>): void {
  work.catch((error: unknown) => send({ type: 'failed', id, reason: reasonOf(error) }));
}

function onMessage(message: ToChild): void {
  if (message.type === 'load') {
    onLoad(message).catch((error: unknown) => send({ type: 'load-failed', reason: reasonOf(error) }));
  } else if (message.type === 'ping') {
    onPing();
  } else if (loaded !== undefined) {
    onRequest(loaded, message);
  }
}

/** Texts that wait for an encoder wait as requests do. */
function statsOf({ batcher, encoder }: Loaded) {
  const { stats } = batcher;
  return { ...stats, queued: stats.queued + encoder.waiting };
}

function onPing(): void {
  const stats = loaded && statsOf(loaded);
  const stepAgeMs = Math.max(loaded?.batcher.stepAgeMs ?? 0, loaded?.encoder.stepAgeMs ?? 0);
  send({ type: 'pong', stepAgeMs, ...(stats && { stats }) });
}

function onRequest(current: Loaded, message: Exclude<ToChild, { type: 'load' | 'ping' }>): void {
  switch (message.type) {
    case 'generate':
      attempt(message.id, () => onGenerate(current, message));
      return;
    case 'abort':
      current.batcher.abort(message.id);
      current.encoder.abort(message.id);
      return;
    case 'embed':
      encode(message.id, onEmbed(current, message));
      return;
    case 'rerank':
      encode(message.id, onRerank(current, message));
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
