import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { productVersion } from './product.ts';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

const IN_MODULES = 'node_modules/';

function toComponent([path, entry]: [string, unknown]): Component | undefined {
  if (!path.startsWith(IN_MODULES) || typeof entry !== 'object' || entry === null) return undefined;
  const { version, license, dev } = Object.fromEntries(Object.entries(entry));
  if (dev === true || typeof version !== 'string') return undefined;
  const name = path.slice(path.lastIndexOf(IN_MODULES) + IN_MODULES.length);
  return { name, version, licence: typeof license === 'string' ? license : '–' };
}

/** The packages that the product runs on, out of the text of package-lock.json, by name. */
export function componentsOf(lock: string): Component[] {
  const value: unknown = JSON.parse(lock);
  const packages = typeof value === 'object' && value !== null && 'packages' in value ? value.packages : {};
  if (typeof packages !== 'object' || packages === null) return [];
  const found = Object.entries(packages)
    .map(toComponent)
    .filter((component) => component !== undefined);
  const byName = new Map(found.map((component) => [`${component.name}@${component.version}`, component]));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What runs here, of what it is made, under which licences. */
export async function readAbout(folder: string) {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [lock, notice] = await Promise.all([read('package-lock.json'), read('NOTICE')]);
  const { node, sqlite = '–' } = process.versions;
  return {
    name: 'Hradlo',
    version: productVersion(),
    licence: 'Apache-2.0',
    runtime: { node, sqlite, platform: `${process.platform} ${process.arch}` },
    components: lock === undefined ? [] : componentsOf(lock),
    notice: notice ?? '',
  };
}
