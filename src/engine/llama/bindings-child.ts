import { readFileSync } from 'node:fs';
import koffi, { type LibraryHandle } from 'koffi';
import type { LibraryFiles } from './library-files.ts';
import {
  EXPECTED_CONTEXT_DEFAULTS,
  EXPECTED_MODEL_DEFAULTS,
  STRUCTS,
  STRUCT_SIZES,
  THREADPOOL_PARAMS_BYTES,
  THREADPOOL_POLL,
} from './library-layout.ts';

/** An address in the library's memory. */
export type Pointer = bigint;
/** A struct passed by value, as an object with the members of its layout. */
export type Struct = Record<string, unknown>;
/** A struct of arrays that `llama_decode` reads. */
export interface NativeBatch {
  n_tokens: number;
  readonly token: Pointer;
  readonly pos: Pointer;
  readonly n_seq_id: Pointer;
  readonly seq_id: Pointer;
  readonly logits: Pointer;
}

/** `isStart` adds what a text begins with; `isControl` reads control tokens in it. */
export interface TokenizeOptions {
  readonly isStart: boolean;
  readonly isControl: boolean;
}

/** The functions of the library that the product calls, typed. Null stands for a null pointer. */
export interface LlamaApi {
  modelDefaults(): Struct;
  contextDefaults(): Struct;
  loadModel(path: string, parameters: Struct): Promise<Pointer | null>;
  freeModel(model: Pointer): void;
  makeContext(model: Pointer, parameters: Struct): Promise<Pointer | null>;
  freeContext(context: Pointer): void;
  /** Runs one batch; 0 done, 1 no room in the cache, 2 interrupted, below 0 failed. */
  decode(context: Pointer, batch: NativeBatch): Promise<number>;
  /** The same, before it returns. */
  decodeNow(context: Pointer, batch: NativeBatch): number;
  batch(tokens: number): NativeBatch;
  /** Writes the tokens of a text into an array; returns how many, below 0 when there is no room. */
  tokenize(vocabulary: Pointer, text: Uint8Array, into: Int32Array, options: TokenizeOptions): number;
  /** Writes the bytes of a token; returns how many. */
  piece(vocabulary: Pointer, token: number, into: Uint8Array, isControlShown: boolean): number;
  /** A view of the library's memory: valid until the next call that changes it. */
  view(pointer: Pointer, bytes: number): ArrayBuffer;
  pointersAt(pointer: Pointer, count: number): readonly Pointer[];
  /** Other functions by their C declaration, checked when they are first asked for. */
  call(declaration: string): (...args: readonly unknown[]) => unknown;
  /** Threads that stay between steps. @throws {Error} when the processor library cannot be found. */
  makeThreadpool(threads: number): NativeThreadpool;
}

/** Freed after the context that it is attached to. */
export interface NativeThreadpool {
  readonly pointer: Pointer;
  free(): void;
}

/**
 * Loads the library and verifies its layout.
 * @throws {Error} naming the first member that differs: a wrong layout must stop here and not in a model.
 */
export function openLlama(files: LibraryFiles): LlamaApi {
  const base = koffi.load(files.base, { global: true });
  const ggml = koffi.load(files.ggml, { global: true });
  const llama = koffi.load(files.llama, { global: true });
  for (const [name, members] of Object.entries(STRUCTS)) koffi.struct(name, members);
  verifySizes();
  const modelDefaults: () => Struct = llama.func('llama_model_params llama_model_default_params()');
  const contextDefaults: () => Struct = llama.func('llama_context_params llama_context_default_params()');
  verifyDefaults('llama_model_params', modelDefaults(), EXPECTED_MODEL_DEFAULTS);
  verifyDefaults('llama_context_params', contextDefaults(), EXPECTED_CONTEXT_DEFAULTS);
  ggml.func('void ggml_backend_load_all_from_path(const char*)')(files.directory);
  llama.func('void llama_backend_init()')();
  const loadModel = llama.func('void* llama_model_load_from_file(const char*, llama_model_params)');
  const makeContext = llama.func('void* llama_init_from_model(void*, llama_context_params)');
  const decode = llama.func('int32 llama_decode(void*, llama_batch)');
  const makeBatch = llama.func('llama_batch llama_batch_init(int32, int32, int32)');
  const tokenize = llama.func(
    'int32 llama_tokenize(void*, const uint8_t*, int32, _Out_ int32_t*, int32, bool, bool)',
  );
  const piece = llama.func('int32 llama_token_to_piece(void*, int32, _Out_ uint8_t*, int32, int32, bool)');
  return {
    modelDefaults,
    contextDefaults,
    loadModel: (path, parameters) => later(loadModel.async, path, parameters),
    freeModel: llama.func('void llama_model_free(void*)'),
    makeContext: (model, parameters) => later(makeContext.async, model, parameters),
    freeContext: llama.func('void llama_free(void*)'),
    decode: (context, batch) => later(decode.async, context, batch),
    decodeNow: decode,
    batch: (tokens) => makeBatch(tokens, 0, 1),
    tokenize: (vocabulary, text, into, { isStart, isControl }) =>
      tokenize(vocabulary, text, text.length, into, into.length, isStart, isControl),
    piece: (vocabulary, token, into, isControlShown) =>
      piece(vocabulary, token, into, into.length, 0, isControlShown),
    view: (pointer, bytes) => koffi.view(pointer, bytes),
    pointersAt: (pointer, count) => koffi.decode(pointer, koffi.array('void*', count)),
    call: (declaration) => llama.func(declaration),
    makeThreadpool: (threads) => makeThreadpool(base, threads),
  };
}

/** Calls a native function on a thread of its own, so that messages are still answered meanwhile. */
function later<Result>(native: (...args: unknown[]) => void, ...args: unknown[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    native(...args, (error: Error | null, result: Result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
}

function verifySizes(): void {
  for (const [name, expected] of Object.entries(STRUCT_SIZES)) {
    const size = koffi.sizeof(name);
    if (size !== expected) throw new Error(`${name} takes ${size} bytes here, expected ${expected}`);
  }
}

function verifyDefaults(name: string, actual: Struct, expected: Readonly<Record<string, unknown>>): void {
  for (const [member, value] of Object.entries(expected)) {
    if (actual[member] !== value)
      throw new Error(`${name}.${member} is not what this version of the library has`);
  }
}

/**
 * About 15 ms: the next step of an answer comes within less than one. By default threads look for work for 150 ms after
 * each answer, all of them; the speed of decoding was the same.
 */
const POLL_LEVEL = 5;

/**
 * Without a pool of its own the library makes new threads for every step, which halves decoding at two threads.
 * The functions are in whichever processor variant the library chose, so that file is looked up in the memory map.
 */
function makeThreadpool(base: LibraryHandle, threads: number): NativeThreadpool {
  const variant = /\S*libggml-cpu\S*\.so/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
  if (variant === undefined) throw new Error('the library for this processor is not where it should be');
  const parameters = Buffer.alloc(THREADPOOL_PARAMS_BYTES);
  base.func('void ggml_threadpool_params_init(_Inout_ uint8_t*, int32)')(parameters, threads);
  if (parameters.readUInt32LE(THREADPOOL_POLL.offset) !== THREADPOOL_POLL.default)
    throw new Error('ggml_threadpool_params is not what this version of the library has');
  parameters.writeUInt32LE(POLL_LEVEL, THREADPOOL_POLL.offset);
  const processor = koffi.load(variant);
  const pointer: Pointer = processor.func('void* ggml_threadpool_new(uint8_t*)')(parameters);
  return { pointer, free: () => processor.func('void ggml_threadpool_free(void*)')(pointer) };
}

const RLIMIT_DATA = 2;

/**
 * Limits what this process may allocate from now on. Without it a context that is far too large is granted by the
 * kernel, filled page by page, and takes the memory of everybody else before anything fails.
 */
export function limitMemory(bytes: number): void {
  const status = readFileSync('/proc/self/status', 'utf8');
  const usedKilobytes = Number(/^VmData:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  const limit = BigInt(usedKilobytes) * 1024n + BigInt(Math.ceil(bytes));
  koffi.struct('rlimit', { rlim_cur: 'uint64', rlim_max: 'uint64' });
  const setLimit = koffi.load('libc.so.6').func('int setrlimit(int, rlimit*)');
  if (setLimit(RLIMIT_DATA, { rlim_cur: limit, rlim_max: limit }) !== 0)
    throw new Error('the memory of the engine cannot be limited');
}
