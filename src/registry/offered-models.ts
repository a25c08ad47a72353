import type { ModelPurpose } from './model-store.ts';

/** A model that is worth trying first. Size and licence are as known when this was written; the hub's word counts. */
export interface OfferedModel {
  readonly name: string;
  readonly title: string;
  /** `hf:org/repo/file.gguf`. */
  readonly source: string;
  readonly purpose: ModelPurpose;
  readonly sizeBytes: number;
  readonly licence: string;
}

/** What of the machine decides which model runs well on it. */
export interface OfferedHardware {
  readonly memoryBytes: number;
  readonly freeDiskBytes: number;
  readonly cores: number;
}

const GIB = 1024 ** 3;
/** Beside the file, for downloading it and everything else that is kept. */
const SPARE_DISK_BYTES = 2 * GIB;

/** Largest first: the first that fits is offered. Written by many, openly licensed, and they read Czech. */
const OFFERS: readonly (OfferedModel & { readonly memoryBytes: number; readonly cores: number })[] = [
  {
    name: 'qwen3-4b',
    title: 'Qwen3 4B',
    source: 'hf:Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf',
    purpose: 'chat',
    sizeBytes: 2_497_000_000,
    licence: 'apache-2.0',
    memoryBytes: 15 * GIB,
    cores: 8,
  },
  {
    name: 'qwen3-1.7b',
    title: 'Qwen3 1.7B',
    source: 'hf:Qwen/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q8_0.gguf',
    purpose: 'chat',
    sizeBytes: 1_834_000_000,
    licence: 'apache-2.0',
    memoryBytes: 7 * GIB,
    cores: 4,
  },
  {
    name: 'qwen3-0.6b',
    title: 'Qwen3 0.6B',
    source: 'hf:Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf',
    purpose: 'chat',
    sizeBytes: 639_000_000,
    licence: 'apache-2.0',
    memoryBytes: 3 * GIB,
    cores: 1,
  },
];

/** The one model to offer for a machine; undefined when not even the smallest fits. Asks nobody. */
export function offerFor(hardware: OfferedHardware): OfferedModel | undefined {
  const found = OFFERS.find(
    ({ memoryBytes, cores, sizeBytes }) =>
      hardware.memoryBytes >= memoryBytes &&
      hardware.cores >= cores &&
      hardware.freeDiskBytes >= sizeBytes + SPARE_DISK_BYTES,
  );
  if (found === undefined) return undefined;
  const { memoryBytes: _, cores: __, ...offer } = found;
  return offer;
}
