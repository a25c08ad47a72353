// Makes the PDF, DOCX and XLSX documents of the sample corpus from samples/sources. Run it after a source changed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeSamples } from './sample-documents/make.ts';
import { root } from './steps.ts';

for (const { path, bytes } of makeSamples(root)) {
  const file = join(root, 'samples/corpus', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  console.log(`${path} ${bytes.length} bytes`);
}
