import koffi from 'koffi';
import type { LlamaApi, Pointer } from './bindings-child.ts';

/** Stops the step that a context computes; raised and cleared between and during steps. */
export interface Interrupt {
  raise(): void;
  clear(): void;
}

/**
 * The library asks a function after each of the thousand or so operations of a step whether to stop. It asks from its own
 * threads, where no JavaScript can run, so the function is `strlen` of the C library: the byte it looks at is ours, and a
 * text of length one means yes.
 */
export function makeInterrupt(api: LlamaApi, context: Pointer): Interrupt {
  const libc = koffi.load('libc.so.6');
  const flag: Pointer = libc.func('void* calloc(size_t, size_t)')(1, 8);
  const strlen: Pointer = libc.func('void* dlsym(void*, const char*)')(null, 'strlen');
  const byte = new Uint8Array(api.view(flag, 1));
  api.call('void llama_set_abort_callback(void*, void*, void*)')(context, strlen, flag);
  return { raise: () => void (byte[0] = 1), clear: () => void (byte[0] = 0) };
}
