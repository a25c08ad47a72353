// Loads the model files named on standard input, one per line, with the native library, and says after each how it
// went. Run as a process of its own: a file that crashes the library must not end the test.
import { createInterface } from 'node:readline';
import { findLibraries } from '#engine/llama/library-files.ts';
import { LlamaLibrary } from '#engine/llama/runtime-child.ts';

const files = findLibraries(process.platform, process.arch);
if (files === undefined) throw new Error('no engine library is installed for this machine');
const library = new LlamaLibrary(files);
for await (const path of createInterface({ input: process.stdin })) {
  try {
    const model = await library.load(path, {
      purpose: 'chat',
      threads: 1,
      cacheTokens: 256,
      batchTokens: 32,
      sequences: 1,
      isUnified: true,
      gpuLayers: 0,
    });
    model.free();
    process.stdout.write(`loaded ${path}\n`);
  } catch {
    process.stdout.write(`refused ${path}\n`);
  }
}
process.exit(0);
