import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIBRARY } from './library-layout.ts';

/** The prebuilt libraries of this machine, each an absolute path. */
export interface LibraryFiles {
  readonly directory: string;
  readonly base: string;
  readonly ggml: string;
  readonly llama: string;
}

/** Finds the prebuilt libraries among the optional packages; undefined when this machine has none. */
export function findLibraries(platform: string, architecture: string): LibraryFiles | undefined {
  const name = `${platform}-${architecture}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(`@node-llama-cpp/${name}`));
  } catch {
    // Not installed: no package for this machine, or optional packages were left out.
    return undefined;
  }
  const directory = join(dirname(entry), '..', 'bins', name);
  const { base, ggml, llama } = LIBRARY.files;
  const files = {
    directory,
    base: join(directory, base),
    ggml: join(directory, ggml),
    llama: join(directory, llama),
  };
  return [files.base, files.ggml, files.llama].every((file) => existsSync(file)) ? files : undefined;
}
