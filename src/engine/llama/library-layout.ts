/**
 * The C interface of the one library version this product runs, all in one place: struct members in order, the
 * defaults the library must report, and the functions that are called. A new library version means a new page here;
 * nothing else knows a layout. Names are the library's own, from `llama.h` and `ggml.h`.
 */
export const LIBRARY = {
  packageVersion: '3.22.1',
  files: {
    base: 'libggml-base.so',
    ggml: 'libggml.v0.5.0.so',
    llama: 'libllama.v0.5.0.so',
  },
} as const;

export const STRUCTS = {
  llama_model_params: {
    devices: 'void*',
    tensor_buft_overrides: 'void*',
    n_gpu_layers: 'int32',
    split_mode: 'int32',
    load_mode: 'int32',
    lazy_mode: 'int32',
    main_gpu: 'int32',
    tensor_split: 'void*',
    progress_callback: 'void*',
    progress_callback_user_data: 'void*',
    kv_overrides: 'void*',
    vocab_only: 'bool',
    check_tensors: 'bool',
    use_extra_bufts: 'bool',
    no_host: 'bool',
    no_alloc: 'bool',
    load_mtp: 'bool',
  },
  llama_context_params: {
    n_ctx: 'uint32',
    n_batch: 'uint32',
    n_ubatch: 'uint32',
    n_seq_max: 'uint32',
    n_rs_seq: 'uint32',
    n_outputs_max: 'uint32',
    n_outputs_max_per_seq: 'uint32',
    n_threads: 'int32',
    n_threads_batch: 'int32',
    ctx_type: 'int32',
    rope_scaling_type: 'int32',
    pooling_type: 'int32',
    attention_type: 'int32',
    flash_attn_type: 'int32',
    rope_freq_base: 'float',
    rope_freq_scale: 'float',
    yarn_ext_factor: 'float',
    yarn_attn_factor: 'float',
    yarn_beta_fast: 'float',
    yarn_beta_slow: 'float',
    yarn_orig_ctx: 'uint32',
    defrag_thold: 'float',
    cb_eval: 'void*',
    cb_eval_user_data: 'void*',
    type_k: 'int32',
    type_v: 'int32',
    abort_callback: 'void*',
    abort_callback_data: 'void*',
    embeddings: 'bool',
    offload_kqv: 'bool',
    no_perf: 'bool',
    op_offload: 'bool',
    swa_full: 'bool',
    kv_unified: 'bool',
    samplers: 'void*',
    n_samplers: 'size_t',
    ctx_other: 'void*',
  },
  llama_batch: {
    n_tokens: 'int32',
    token: 'void*',
    embd: 'void*',
    pos: 'void*',
    n_seq_id: 'void*',
    seq_id: 'void*',
    logits: 'void*',
  },
  llama_sampler_chain_params: { no_perf: 'bool' },
} as const;

/** Sizes in bytes on 64-bit Linux; a compiler's padding must come out the same. */
export const STRUCT_SIZES = {
  llama_model_params: 80,
  llama_context_params: 160,
  llama_batch: 56,
  llama_sampler_chain_params: 1,
} as const satisfies Record<keyof typeof STRUCTS, number>;

/** What the library's own default functions must return, member by member: a shifted layout cannot match. */
export const EXPECTED_MODEL_DEFAULTS: Readonly<Record<string, unknown>> = {
  n_gpu_layers: -1,
  split_mode: 1,
  load_mode: -1,
  lazy_mode: 1,
  main_gpu: 0,
  vocab_only: false,
  check_tensors: false,
  use_extra_bufts: true,
  no_host: false,
  no_alloc: false,
  load_mtp: false,
};
export const EXPECTED_CONTEXT_DEFAULTS: Readonly<Record<string, unknown>> = {
  n_ctx: 512,
  n_batch: 2048,
  n_ubatch: 512,
  n_seq_max: 1,
  n_outputs_max_per_seq: 1,
  n_threads: 4,
  n_threads_batch: 4,
  rope_scaling_type: -1,
  pooling_type: -1,
  attention_type: -1,
  flash_attn_type: -1,
  yarn_ext_factor: -1,
  yarn_beta_slow: -1,
  defrag_thold: -1,
  type_k: 1,
  type_v: 1,
  embeddings: false,
  offload_kqv: true,
  no_perf: true,
  op_offload: true,
  swa_full: true,
  kv_unified: false,
  n_samplers: 0,
};

/** `ggml_threadpool_params`, used through a buffer because of its array of 512 bytes. */
export const THREADPOOL_PARAMS_BYTES = 528;
/** How long a thread without work looks for some before it sleeps: where its level is, and what it is by default. */
export const THREADPOOL_POLL = { offset: 520, default: 50 } as const;
