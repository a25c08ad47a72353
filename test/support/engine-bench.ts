import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectDigest, type ChatRequest, type TenantId } from '#core/index.ts';
import { EngineConfig } from '#engine/config.ts';
import { cacheChoices, createEngine, type Engine, type PreparedModel } from '#engine/create-engine.ts';
import type { ChatModel } from '#contracts/index.ts';
import type { ModelShape } from '#engine/llama/model-maker.ts';
import type { GenerationRecord } from '#engine/llama/chat-model.ts';
import type { EngineState } from '#engine/llama/supervisor.ts';
import { SHAPES, writeGguf } from './tiny-gguf.ts';

/** Writes what it is given and nothing else, so that prompts can be compared token by token. */
const PLAIN_TEMPLATE = '{% for m in messages %}{{ m.content }}{% endfor %}';

export interface BenchEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly model: ChatModel;
  readonly modelPath: string;
  readonly records: GenerationRecord[];
  readonly states: EngineState[];
  /** Resolves when the model is loaded. */
  ready(): Promise<void>;
  /** Process of the model, as the kernel knows it. */
  pid(): number;
}

export interface BenchOptions {
  readonly shape?: ModelShape;
  /** A file that is there already; otherwise one is made of the shape. */
  readonly modelPath?: string;
  readonly weights?: 'f32' | 'q8_0';
  readonly config?: Partial<EngineConfig>;
  readonly model?: Partial<PreparedModel['config']>;
  /** Changes the file after it was made and before it is loaded. */
  readonly beforeStart?: (path: string) => void;
}

/** The product's engine on a made-up model, in a folder that goes away with it. */
export function startBenchEngine(options: BenchOptions = {}): BenchEngine {
  const shape = options.shape ?? SHAPES.tiny;
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-bench-'));
  const modelPath = options.modelPath ?? join(folder, 'model.gguf');
  if (options.modelPath === undefined)
    writeGguf(modelPath, shape, { weights: options.weights ?? 'f32', chatTemplate: PLAIN_TEMPLATE });
  options.beforeStart?.(modelPath);
  const [parsed] = EngineConfig.parse({ models: [{ name: 'bench', path: modelPath }] }).models;
  const modelConfig = { ...parsed!, ...options.model };
  const records: GenerationRecord[] = [];
  const states: EngineState[] = [];
  let wake: () => void = () => undefined;
  const engine = createEngine(
    [
      {
        config: modelConfig,
        digest: expectDigest(`sha256:${'0'.repeat(64)}`),
        templateDigest: undefined,
        quantization: 'Q8_0',
        trainedContextTokens: shape.contextTokens,
        embeddingLength: shape.embeddingLength,
        memoryBytes: 1_000_000_000,
        cacheTokens: cacheChoices(modelConfig, shape.contextTokens)[0]!,
        chatTemplate: PLAIN_TEMPLATE,
      },
    ],
    { ...EngineConfig.parse({ threads: 1 }), ...options.config },
    {
      clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
      scratchDirectory: folder,
      onState: (_model, state) => {
        states.push(state);
        wake();
      },
      onFinished: (record) => records.push(record),
    },
  );
  return {
    engine,
    model: engine.chatModel('bench')!,
    modelPath,
    records,
    states,
    pid: () => engine.status()[0]!.pid!,
    ready: async () => {
      while (engine.status()[0]!.state.state !== 'ready') {
        const state = engine.status()[0]!.state;
        if (state.state === 'refused') throw new Error(`the model was refused: ${state.reason}`);
        if (state.state === 'stopped') throw new Error('the engine was stopped');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One answer, timed from outside. */
export interface TimedAnswer {
  readonly text: string;
  readonly firstMs: number;
  readonly totalMs: number;
  /** Time between texts, as they came. */
  readonly gapsMs: readonly number[];
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly reason: string;
}

/** Asks and measures. The text of random weights is noise; what is measured is its flow. */
export async function ask(
  model: ChatModel,
  text: string,
  sampling: ChatRequest['sampling'],
  options: { readonly signal?: AbortSignal; readonly tenantId?: TenantId } = {},
): Promise<TimedAnswer> {
  const startedAt = performance.now();
  let firstMs = Number.NaN;
  let lastAt = startedAt;
  let output = '';
  const gapsMs: number[] = [];
  const request: ChatRequest = {
    messages: [{ role: 'user', content: text }],
    evidence: [],
    sampling: { temperature: 0, ...sampling },
    ...(options.tenantId && { caller: { tenantId: options.tenantId } }),
  };
  for await (const delta of model.stream(request, options.signal ?? new AbortController().signal)) {
    const now = performance.now();
    if (delta.type === 'finish') {
      const { usage, reason } = delta;
      const { inputTokens, outputTokens, cachedInputTokens: cachedTokens } = usage;
      const totalMs = now - startedAt;
      return { text: output, firstMs, totalMs, gapsMs, inputTokens, outputTokens, cachedTokens, reason };
    }
    if ('text' in delta) output += delta.text;
    if (Number.isNaN(firstMs)) firstMs = now - startedAt;
    else gapsMs.push(now - lastAt);
    lastAt = now;
  }
  throw new Error('the answer had no end');
}

const WORDS = 'the house and horse are not here one two three water stone tree'.split(' ');

/** A text of about `tokens` tokens of the made-up vocabularies; another `start` gives another text. */
export function filler(tokens: number, start: number): string {
  let state = start * 2_654_435_761;
  const words: string[] = [];
  for (let length = 0; length < tokens; length += 2) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words.push(WORDS[state % WORDS.length]!);
  }
  return words.join(' ');
}

/** Processor seconds that a process has used. */
export function processorSeconds(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The value below which a share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
