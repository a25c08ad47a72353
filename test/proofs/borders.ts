import { faultsOf, faultsOfPage } from '../support/borders.ts';
import { judged, type Proof } from './proof.ts';

// Each breaks one rule; `names` must stand in what the check says.
const PLANTED: readonly { readonly file: string; readonly source: string; readonly names: string }[] = [
  {
    file: 'core/x.ts',
    source: `import { z } from '#platform/index.ts';`,
    names: 'core may not import platform',
  },
  {
    file: 'core/x.ts',
    source: `import { readFileSync } from 'node:fs';`,
    names: 'node:fs is not let in here',
  },
  {
    file: 'rag/x.ts',
    source: `import { decide } from '#identity/index.ts';`,
    names: 'rag may not import identity',
  },
  {
    file: 'usecases/x.ts',
    source: `import { ChunkStore } from "#rag/chunk-store.ts";`,
    names: 'enters rag beside its entry point',
  },
  {
    file: 'gateway/x.ts',
    source: `import { a } from '../rag/chunk-store.ts';`,
    names: 'leaves gateway sideways',
  },
  { file: 'usecases/x.ts', source: `import fastify from 'fastify';`, names: 'fastify is not let in here' },
  {
    file: 'rag/answer/x.ts',
    source: `const { DatabaseSync } = await import("node:sqlite");`,
    names: 'node:sqlite is not let in here',
  },
  { file: 'engine/llama/x.ts', source: `import koffi from 'koffi';`, names: 'koffi is not let in here' },
  { file: 'rag/x.ts', source: `const key = process.env['KEY'];`, names: 'reads process.env' },
  {
    file: 'rag/x.ts',
    source: `import { Worker } from 'node:worker_threads'; new Worker(new URL("../main/cli.ts", import.meta.url));`,
    names: 'starts main/cli.ts',
  },
  {
    file: 'rag/x.ts',
    source: `import { mintAccessFilter } from '#core/index.ts';`,
    names: 'uses mintAccessFilter',
  },
  {
    file: 'usecases/x.ts',
    source: `const load = createRequire(import.meta.url); fork('./child.ts');`,
    names: 'uses createRequire',
  },
  {
    file: 'usecases/x.ts',
    source: `import { aFake } from '#test/fakes/evidence.ts';`,
    names: 'imports test support',
  },
];

export const proof: Proof = {
  promise: 'a planted violation of the layer rules is caught and named',
  async run() {
    const missed = PLANTED.filter(
      ({ file, source, names }) =>
        !faultsOf(file, source).some((fault) => fault.includes(names) && fault.startsWith(`src/${file}`)),
    );
    const page = faultsOfPage('src/x.tsx', `import { decide } from '#identity/index.ts';`);
    const clean = faultsOf(
      'usecases/x.ts',
      `import { ChunkStore } from '#rag/index.ts';\nimport { z } from './y.ts';`,
    );
    return {
      figures: [
        judged(
          'planted violations caught by name',
          `${PLANTED.length - missed.length} of ${PLANTED.length}`,
          'all',
          missed.length === 0,
        ),
        judged('a page that imports the server', page.length, '1', page.length === 1),
        judged('false alarms on a clean file', clean.length, '0', clean.length === 0),
      ],
      note: missed.map(({ names }) => `missed: ${names}`).join('; '),
    };
  },
};
