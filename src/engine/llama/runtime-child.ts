import { randomInt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  openLlama,
  type LlamaApi,
  type NativeBatch,
  type NativeThreadpool,
  type Pointer,
} from './bindings-child.ts';
import { makeInterrupt, type Interrupt } from './interrupt-child.ts';
import type { LibraryFiles } from './library-files.ts';
import type { ModelRuntime, RuntimeFacts, RuntimeSettings, StepOutcome } from './model-runtime.ts';
import { SamplerFactory } from './sampler-child.ts';

const POOLING = { unspecified: -1, rank: 4 } as const;
/** Marks of thought that must be seen even where the vocabulary calls them control tokens. */
const SHOWN_CONTROLS = ['<think>', '</think>'];

/** Opens the library once per process; models come and go on it. */
export class LlamaLibrary {
  readonly #api: LlamaApi;

  constructor(files: LibraryFiles) {
    this.#api = openLlama(files);
  }

  /**
   * Loads a model file that has passed the preflight.
   * @throws {Error} with a plain reason when the library refuses it.
   */
  async load(path: string, settings: RuntimeSettings): Promise<LoadedModel> {
    const api = this.#api;
    if (settings.gpuLayers > 0 && api.call('bool llama_supports_gpu_offload()')() !== true)
      throw new Error('engine.gpuLayers is set, but no GPU can be used here: is its driver installed?');
    const parameters = { ...api.modelDefaults(), n_gpu_layers: settings.gpuLayers };
    const model = await api.loadModel(path, parameters);
    if (model === null) throw new Error('the library cannot load this file');
    const context = await api.makeContext(model, contextParameters(api, settings));
    if (context === null) {
      api.freeModel(model);
      throw new Error('not enough memory for the context, or the model does not support it');
    }
    const pool = api.makeThreadpool(settings.threads);
    api.call('void llama_attach_threadpool(void*, void*, void*)')(context, pool.pointer, pool.pointer);
    return new LoadedModel(api, { model, context, pool, settings });
  }
}

function contextParameters(api: LlamaApi, settings: RuntimeSettings): Record<string, unknown> {
  const isChat = settings.purpose === 'chat';
  return {
    ...api.contextDefaults(),
    n_ctx: settings.cacheTokens,
    n_batch: settings.batchTokens,
    n_ubatch: settings.batchTokens,
    n_seq_max: settings.sequences,
    n_threads: settings.threads,
    n_threads_batch: settings.threads,
    embeddings: !isChat,
    pooling_type: settings.purpose === 'reranking' ? POOLING.rank : POOLING.unspecified,
    kv_unified: settings.isUnified,
    no_perf: true,
  };
}

interface Handles {
  readonly model: Pointer;
  readonly context: Pointer;
  readonly pool: NativeThreadpool;
  readonly settings: RuntimeSettings;
}

/** A model with its context, batch memory and samplers. */
export class LoadedModel implements ModelRuntime {
  readonly facts: RuntimeFacts;
  readonly #api: LlamaApi;
  readonly #handles: Handles;
  readonly #vocabulary: Pointer;
  readonly #native;
  readonly #batch: NativeBatch;
  readonly #columns;
  readonly #samplers: SamplerFactory;
  readonly #interrupt: Interrupt;
  readonly #pieces = new Map<number, Uint8Array>();
  readonly #shownControls: ReadonlySet<number>;
  #outputLength: number;

  constructor(api: LlamaApi, handles: Handles) {
    const { model, context, settings } = handles;
    this.#api = api;
    this.#handles = handles;
    this.#native = functionsOf(api);
    const native = this.#native;
    this.#vocabulary = pointer(native.vocabulary(model));
    this.facts = {
      contextTokens: Math.min(
        Number(native.contextPerSequence(context)),
        Number(native.trainedContext(model)),
      ),
      vocabularySize: Number(native.vocabularySize(this.#vocabulary)),
      embeddingLength: Number(native.embeddingLength(model)),
      canShareCells: !native.isRecurrent(model) && !native.isHybrid(model),
      processorLibrary: String(native.version()),
    };
    this.#outputLength = settings.purpose === 'reranking' ? 1 : this.facts.embeddingLength;
    this.#batch = api.batch(settings.batchTokens);
    this.#columns = columnsOf(api, this.#batch, settings.batchTokens);
    this.#interrupt = makeInterrupt(api, context);
    this.#samplers = new SamplerFactory(api, context, this.facts.vocabularySize);
    const shown = SHOWN_CONTROLS.map((text) => this.tokenize(text, { isStart: false, isControl: true }));
    this.#shownControls = new Set(shown.flatMap((tokens) => (tokens.length === 1 ? tokens : [])));
  }

  tokenize(text: string, options: { readonly isStart: boolean; readonly isControl: boolean }): number[] {
    const bytes = Buffer.from(text);
    const tokens = new Int32Array(bytes.length + 8);
    const count = this.#api.tokenize(this.#vocabulary, bytes, tokens, options);
    if (count < 0) throw new Error('the text cannot be tokenized');
    return Array.from(tokens.subarray(0, count));
  }

  pieceOf(token: number): Uint8Array {
    const known = this.#pieces.get(token);
    if (known !== undefined) return known;
    const room = new Uint8Array(1024);
    const length = this.#api.piece(this.#vocabulary, token, room, this.#shownControls.has(token));
    const piece = room.slice(0, Math.max(0, length));
    this.#pieces.set(token, piece);
    return piece;
  }

  isEnd(token: number): boolean {
    return Boolean(this.#native.isEnd(this.#vocabulary, token));
  }

  /** Tokens that frame a query and a document for a reranking model. */
  get frame(): {
    readonly begin: number | undefined;
    readonly end: number | undefined;
    readonly separator: number | undefined;
  } {
    const native = this.#native;
    const vocabulary = this.#vocabulary;
    const optional = (isThere: unknown, token: unknown) =>
      isThere === true && Number(token) >= 0 ? Number(token) : undefined;
    const end = Number(native.endToken(vocabulary));
    return {
      begin: optional(native.addsBegin(vocabulary), native.beginToken(vocabulary)),
      end: optional(native.addsEnd(vocabulary), end >= 0 ? end : native.separatorToken(vocabulary)),
      separator: optional(native.addsSeparator(vocabulary), native.separatorToken(vocabulary)),
    };
  }

  createSampler(sampling: Parameters<ModelRuntime['createSampler']>[0]) {
    return this.#samplers.create(sampling, randomInt(2 ** 32 - 1));
  }

  clearBatch(): void {
    this.#batch.n_tokens = 0;
  }

  addRow(row: { token: number; position: number; sequence: number; wantsOutput: boolean }): number {
    const index = this.#batch.n_tokens;
    const { tokens, positions, sequenceCounts, sequenceIds, outputs } = this.#columns;
    tokens[index] = row.token;
    positions[index] = row.position;
    sequenceCounts[index] = 1;
    sequenceIds[index]![0] = row.sequence;
    outputs[index] = row.wantsOutput ? 1 : 0;
    this.#batch.n_tokens = index + 1;
    return index;
  }

  async decode(length: 'short' | 'long' = 'long'): Promise<StepOutcome> {
    this.#interrupt.clear();
    const { context } = this.#handles;
    const status =
      length === 'short'
        ? this.#api.decodeNow(context, this.#batch)
        : await this.#api.decode(context, this.#batch);
    // What has come meanwhile, an abort or another request, is read before the next step.
    if (length === 'short') await setImmediate();
    if (status === 0) return 'done';
    if (status === 1) return 'no-room';
    if (status === 2) return 'interrupted';
    throw new Error(`a step failed with status ${status}`);
  }

  interrupt(): void {
    this.#interrupt.raise();
  }

  copySequence(from: number, to: number, length: number): void {
    if (this.#handles.settings.isUnified) {
      const memory = pointer(this.#native.memory(this.#handles.context));
      this.#native.copy(memory, from, to, 0, length);
      return;
    }
    // Between caches of their own the library copies all cells there are room for; this copies those in use.
    if (!this.restoreSequence(to, this.saveSequence(from))) throw new Error('a sequence cannot be copied');
    this.trimSequence(to, length);
  }

  trimSequence(sequence: number, from: number): void {
    const memory = this.#native.memory(this.#handles.context);
    // Encoders keep nothing between steps.
    if (typeof memory === 'bigint') this.#native.remove(memory, sequence, from, -1);
  }

  saveSequence(sequence: number): Uint8Array {
    const { context } = this.#handles;
    const data = new Uint8Array(Number(this.#native.stateSize(context, sequence)));
    const written = Number(this.#native.saveState(context, data, data.length, sequence));
    return data.subarray(0, written);
  }

  restoreSequence(sequence: number, data: Uint8Array): boolean {
    return Number(this.#native.restoreState(this.#handles.context, data, data.length, sequence)) > 0;
  }

  pooled(sequence: number): Float32Array<ArrayBuffer> {
    const at = this.#native.pooled(this.#handles.context, sequence);
    if (typeof at !== 'bigint') throw new Error('the model gave no output for a text');
    return new Float32Array(this.#api.view(at, this.#outputLength * 4)).slice();
  }

  free(): void {
    this.#api.freeContext(this.#handles.context);
    this.#api.freeModel(this.#handles.model);
    this.#handles.pool.free();
  }
}

function functionsOf(api: LlamaApi) {
  return {
    vocabulary: api.call('void* llama_model_get_vocab(void*)'),
    contextPerSequence: api.call('uint32 llama_n_ctx_seq(void*)'),
    trainedContext: api.call('int32 llama_model_n_ctx_train(void*)'),
    vocabularySize: api.call('int32 llama_vocab_n_tokens(void*)'),
    embeddingLength: api.call('int32 llama_model_n_embd_out(void*)'),
    isRecurrent: api.call('bool llama_model_is_recurrent(void*)'),
    isHybrid: api.call('bool llama_model_is_hybrid(void*)'),
    version: api.call('const char* llama_version()'),
    isEnd: api.call('bool llama_vocab_is_eog(void*, int32)'),
    beginToken: api.call('int32 llama_vocab_bos(void*)'),
    endToken: api.call('int32 llama_vocab_eos(void*)'),
    separatorToken: api.call('int32 llama_vocab_sep(void*)'),
    addsBegin: api.call('bool llama_vocab_get_add_bos(void*)'),
    addsEnd: api.call('bool llama_vocab_get_add_eos(void*)'),
    addsSeparator: api.call('bool llama_vocab_get_add_sep(void*)'),
    memory: api.call('void* llama_get_memory(void*)'),
    copy: api.call('void llama_memory_seq_cp(void*, int32, int32, int32, int32)'),
    remove: api.call('bool llama_memory_seq_rm(void*, int32, int32, int32)'),
    stateSize: api.call('size_t llama_state_seq_get_size(void*, int32)'),
    saveState: api.call('size_t llama_state_seq_get_data(void*, _Out_ uint8_t*, size_t, int32)'),
    restoreState: api.call('size_t llama_state_seq_set_data(void*, const uint8_t*, size_t, int32)'),
    pooled: api.call('void* llama_get_embeddings_seq(void*, int32)'),
  };
}

function columnsOf(api: LlamaApi, batch: NativeBatch, rows: number) {
  const int32s = (at: Pointer, count: number) => new Int32Array(api.view(at, count * 4));
  return {
    tokens: int32s(batch.token, rows),
    positions: int32s(batch.pos, rows),
    sequenceCounts: int32s(batch.n_seq_id, rows),
    sequenceIds: api.pointersAt(batch.seq_id, rows).map((at) => int32s(at, 1)),
    outputs: new Int8Array(api.view(batch.logits, rows)),
  };
}

function pointer(value: unknown): Pointer {
  if (typeof value !== 'bigint') throw new Error('the library returned no object');
  return value;
}
