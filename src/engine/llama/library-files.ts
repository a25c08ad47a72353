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

/** Packages with a processor library for graphics cards, most preferred first; installed by whoever has a card. */
export const GPU_VARIANTS = ['cuda', 'vulkan'] as const;

/** Finds the prebuilt libraries among the optional packages; undefined when this machine has none. */
export function findLibraries(platform: string, architecture: string): LibraryFiles | undefined {
  return findPackage(`${platform}-${architecture}`, LIBRARY.files);
}

/** As `findLibraries`, with a library for graphics cards; undefined when no package of that kind is installed. */
export function findGpuLibraries(platform: string, architecture: string): LibraryFiles | undefined {
  for (const variant of GPU_VARIANTS) {
    const { base, ggml, llama } = LIBRARY.files;
    // Packages for graphics cards say so in the names of their libraries: libllama.cuda.v0.5.0.so.
    const named = (file: string) => file.replace('.v', `.${variant}.v`);
    const own = { base, ggml: named(ggml), llama: named(llama) };
    const files = findPackage(`${platform}-${architecture}-${variant}`, own);
    if (files !== undefined) return files;
  }
  return undefined;
}

/** What to install so that layers can run on a graphics card. */
export function sayGpuPackages(platform: string, architecture: string): string {
  const [first, second] = GPU_VARIANTS.map(
    (variant) => `@node-llama-cpp/${platform}-${architecture}-${variant}@${LIBRARY.packageVersion}`,
  );
  return `Install one of them beside the product, npm install --no-save ${first} (NVIDIA) or ${second}, or set engine.gpuLayers to 0.`;
}

function findPackage(
  name: string,
  { base, ggml, llama }: Omit<LibraryFiles, 'directory'>,
): LibraryFiles | undefined {
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(`@node-llama-cpp/${name}`));
  } catch {
    // Not installed: no package for this machine, or optional packages were left out.
    return undefined;
  }
  const directory = join(dirname(entry), '..', 'bins', name);
  const files = {
    directory,
    base: join(directory, base),
    ggml: join(directory, ggml),
    llama: join(directory, llama),
  };
  return [files.base, files.ggml, files.llama].every((file) => existsSync(file)) ? files : undefined;
}
