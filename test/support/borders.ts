import { dirname, join } from 'node:path/posix';

// The plan: each module and the modules it may import, by their entry point only. A module may name only
// modules above it, so the plan cannot hold a cycle. Domain modules never name each other: what one needs of
// another is handed in by main.
const BASE = ['core', 'contracts', 'platform'];
const DOMAIN = [
  'identity',
  'audit',
  'policy',
  'registry',
  'rag',
  'conversation',
  'usage',
  'evaluation',
  'fleet',
  'engine',
];
export const PLAN = new Map<string, readonly string[]>([
  ['core', []],
  ['contracts', ['core']],
  ['wire', ['core']],
  ['platform', ['core', 'contracts']],
  ...DOMAIN.map((module): [string, string[]] => [module, module === 'engine' ? [...BASE, 'wire'] : BASE]),
  ['usecases', [...BASE, ...DOMAIN]],
  ['gateway', ['core', 'contracts', 'wire', 'platform', 'usecases']],
  ['cli', ['core', 'wire']],
  ['main', [...BASE, 'wire', ...DOMAIN, 'usecases', 'gateway', 'cli']],
]);

// Packages that are let into some files only. `node:` is kept out of the pure modules.
const GUESTS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(fastify$|@fastify\/)/, /^(gateway|main)\//],
  [/^zod$/, /^(wire|gateway)\/|(config|-schema)\.ts$/],
  [/^kysely$/, /^(platform|main)\/|-(store|schema)(\.test)?\.ts$/],
  [/^pg$/, /^platform\//],
  [/^koffi$/, /^engine\/llama\/(.*-)?child\.ts$/],
  [/^undici$/, /^platform\//],
  [/^(pino|prom-client)$/, /^platform\//],
  [
    /^(pdfjs-dist|mammoth|officeparser|tesseract\.js|@napi-rs\/canvas|yauzl|postal-mime|linkedom|saxes)(\/|$)/,
    /^rag\/ingestion\/parse\//,
  ],
  [/^node:sqlite$/, /^(platform|main)\/|-store(\.test)?\.ts$/],
  [/^node:(http|https|http2|net|tls|dgram|dns)$/, /^(platform|gateway|main|cli)\/|\.test\.ts$/],
  [/^node:/, /^(?!(core|contracts|wire)\/)|\.test\.ts$/],
];

// Files that start another thread or process, and the entry points they may start: checked like imports.
export const ENTRY_POINTS = new Map<string, readonly string[]>([
  ['main/writer-client.ts', ['main/writer-thread.ts']],
  ['main/backup-verification.ts', ['main/cli.ts']],
  ['main/chain-check.ts', ['main/cli.ts']],
  ['main/fetch-process.ts', ['main/fetch-child.ts']],
  ['main/reading-client.ts', ['main/reading-thread.ts']],
  ['main/quoting-client.ts', ['main/quoting-thread.ts']],
  ['rag/ingestion/parse/reader-command.ts', ['rag/ingestion/parse/parse-child.ts']],
  ['main/index-threads.ts', ['main/index-writer-thread.ts', 'main/index-search-thread.ts']],
  ['engine/llama/model-process.ts', ['engine/llama/model-child.ts']],
  ['engine/llama/template-renderer.ts', ['engine/llama/template-child.ts']],
]);

// Names that only one module may import from another: the proof of access is made by identity alone.
const RESERVED: readonly (readonly [RegExp, RegExp])[] = [
  [/\bmintAccessFilter\b/, /^(core|identity)\/|\.test\.ts$/],
];

function faultOfTarget(file: string, target: string): string | undefined {
  const module = file.split('/')[0]!;
  if (target.startsWith('.')) {
    return join(dirname(file), target).startsWith(`${module}/`) ? undefined : `leaves ${module} sideways`;
  }
  if (target.startsWith('#test/')) return file.endsWith('.test.ts') ? undefined : 'imports test support';
  const door = /^#([^/]+)\/(.*)$/.exec(target);
  if (door === null) {
    const guest = GUESTS.find(([name, where]) => name.test(target) && !where.test(file));
    return guest && `${target} is not let in here`;
  }
  const [, other = '', path = ''] = door;
  const isTest = file.endsWith('.test.ts');
  if (!PLAN.get(module)?.includes(other) && !(isTest && other === 'platform'))
    return `${module} may not import ${other}`;
  if (path === 'index.ts' || (other === 'wire' && /^[a-z-]+\/index\.ts$/.test(path))) return undefined;
  return `enters ${other} beside its entry point`;
}

const IMPORTS = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])([^'"]+)\1/g;
const URLS = /new URL\(\s*(['"])([^'"]+\.(?:ts|js|mjs))\1\s*,\s*import\.meta\.url/g;

/** Every breach of the plan in one source file. `file` is its path below src/. */
export function faultsOf(file: string, source: string): string[] {
  const module = file.split('/')[0]!;
  const faults: string[] = [];
  if (!PLAN.has(module)) faults.push(`${module} is not in the plan`);
  for (const match of source.matchAll(IMPORTS)) {
    const fault = faultOfTarget(file, match[2]!);
    if (fault !== undefined) faults.push(fault);
  }
  const isTest = file.endsWith('.test.ts');
  if (!isTest) faults.push(...faultsOfStarts(file, source));
  if (/\bprocess\.env\b/.test(source) && !file.startsWith('main/') && !isTest)
    faults.push('reads process.env');
  for (const [name, where] of RESERVED) {
    if (name.test(source) && !where.test(file)) faults.push(`uses ${name.source.replaceAll('\\b', '')}`);
  }
  return faults.map((fault) => `src/${file}: ${fault}`);
}

function faultsOfStarts(file: string, source: string): string[] {
  const faults: string[] = [];
  const allowed = ENTRY_POINTS.get(file) ?? [];
  for (const match of source.matchAll(URLS)) {
    const target = join(dirname(file), match[2]!);
    if (!allowed.includes(target)) faults.push(`starts ${target}, which is not in the table of entry points`);
  }
  if (/\bcreateRequire\b/.test(source)) faults.push('uses createRequire');
  const isStarter = /\b(?:fork|new Worker)\s*\(/.test(source);
  if (isStarter && !ENTRY_POINTS.has(file)) faults.push('starts a thread or process and is not in the table');
  return faults;
}

/** Breaches in the page's sources: it may take types and values of wire, and nothing else of src/. */
export function faultsOfPage(file: string, source: string): string[] {
  return [...source.matchAll(IMPORTS)]
    .map((match) => match[2]!)
    .filter((target) => target.startsWith('#') && !target.startsWith('#wire/'))
    .map((target) => `web/${file}: may import only wire, not ${target}`);
}
