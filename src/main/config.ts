import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { ConfigSchema, type Config } from './config-schema.ts';

/** Where a value came from, later ones winning. */
export type Origin = 'default' | 'file' | 'environment' | 'flag';

/** The configuration does not hold: every fault, each with what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The configuration is not right:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

type Tree = { [key: string]: unknown };
const PREFIX = 'HRADLO_';
/** Variables of this prefix that are not configuration. */
const NOT_CONFIG = new Set(['HRADLO_TEST_DATA', 'HRADLO_CONFIG']);

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function set(tree: Tree, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const next = tree[head];
  const child: Tree = isTree(next) ? next : {};
  tree[head] = child;
  set(child, rest, value);
}

/** `HRADLO_HTTP__BODY_BYTES` names `http.bodyBytes`. */
function toPath(name: string): string[] {
  const camel = (part: string) =>
    part.toLowerCase().replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return name.slice(PREFIX.length).split('__').map(camel);
}

function readEnvironment(environment: NodeJS.ProcessEnv): Tree {
  const tree: Tree = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(PREFIX) && !NOT_CONFIG.has(name)) set(tree, toPath(name), value);
  }
  return tree;
}

function readFile(path: string): Tree {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`The file ${path} cannot be read. Check --config.`]);
  }
  const value: unknown = parseYaml(text) ?? {};
  if (!isTree(value)) throw new ConfigError([`The file ${path} must hold keys and values.`]);
  return value;
}

/** `--name value` and `--name=value`; a flag without a value is true. */
function readFlags(args: readonly string[]): { file: string | undefined; tree: Tree } {
  const tree: Tree = {};
  let file: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(args[index]!) ?? [];
    if (name === undefined)
      throw new ConfigError([`"${args[index]}" is not a flag. Flags look like --port 8080.`]);
    const next = args[index + 1];
    const isPair = inline === undefined && next !== undefined && !next.startsWith('--');
    const value = inline ?? (isPair ? next : 'true');
    if (isPair) index += 1;
    if (name === 'config') file = value;
    else set(tree, FRIENDLY[name] ?? name.split('.'), value);
  }
  return { file, tree };
}

const FRIENDLY: Readonly<Record<string, readonly string[]>> = {
  host: ['listen', 'host'],
  port: ['listen', 'port'],
  data: ['data', 'folder'],
  tls: ['tls', 'mode'],
  'tls-cert': ['tls', 'cert'],
  'tls-key': ['tls', 'key'],
  'behind-proxy': ['http', 'behindProxy'],
  hosts: ['http', 'hosts'],
};

function merge(base: Tree, over: Tree): Tree {
  const result: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return result;
}

/**
 * Reads the configuration: defaults, then the file of `--config`, then `HRADLO_SECTION__KEY`, then flags such as
 * `--listen.port 8080`. @throws {ConfigError} with every fault at once.
 */
export function readConfig(args: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const flags = readFlags(args);
  const path = flags.file ?? environment['HRADLO_CONFIG'];
  const file = path === undefined ? {} : readFile(path);
  const result = ConfigSchema.safeParse(merge(merge(file, readEnvironment(environment)), flags.tree));
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const place = issue.path.join('.');
      return place === '' ? issue.message : `${place}: ${issue.message}`;
    }),
  );
}
