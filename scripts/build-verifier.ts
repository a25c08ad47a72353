// node scripts/build-verifier.ts [--check]: writes tools/hradlo-verify.mjs, the verifier that needs nothing but
// Node, out of the very files that the product checks with. --check fails when the file is not up to date.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { bin, root } from './steps.ts';

const OUT = `${root}tools/hradlo-verify.mjs`;
/** In an order in which each needs only those before it. */
const PARTS = [
  'src/core/canonical-json.ts',
  'src/core/audit-chain.ts',
  'src/core/checkpoint.ts',
  'src/core/chain-export.ts',
  'src/core/verify-chain.ts',
  'src/audit/checkpoint-signature.ts',
  'scripts/verifier-main.ts',
];
const IMPORT = /^import [^;]*? from '([^']+)';\n/gms;

/** The parts as one module: types stripped, imports of each other dropped, those of Node gathered. */
function build(): string {
  const imports = new Map<string, Set<string>>();
  const bodies = PARTS.map((part) => {
    const source = stripTypeScriptTypes(readFileSync(root + part, 'utf8'));
    const body = source.replaceAll(IMPORT, (statement, from: string) => {
      const names =
        /\{([^}]*)\}/
          .exec(statement)?.[1]
          ?.split(',')
          .map((name) => name.trim()) ?? [];
      if (from.startsWith('node:')) {
        const known = imports.get(from) ?? new Set();
        for (const name of names.filter((name) => name !== '')) known.add(name);
        imports.set(from, known);
      }
      return '';
    });
    return `// ${part}\n${body.replaceAll(/^export /gm, '')}`;
  });
  const head = [...imports]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => `import { ${[...names].toSorted().join(', ')} } from '${from}';`);
  const notice = '// Made by scripts/build-verifier.ts; change the parts, not this. Licence: Apache-2.0.';
  return ['#!/usr/bin/env node', notice, ...head, '', ...bodies].join('\n');
}

/** As the project's formatter lays it out. */
function format(source: string): string {
  const result = spawnSync(bin('oxfmt'), ['--stdin-filepath', 'tools/hradlo-verify.mjs'], {
    cwd: root,
    input: source,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout;
}

const made = format(
  build()
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n'),
);
if (!process.argv.includes('--check')) writeFileSync(OUT, made);
else if (readFileSync(OUT, 'utf8') !== made) {
  console.error('tools/hradlo-verify.mjs is not up to date: node scripts/build-verifier.ts');
  process.exitCode = 1;
}
