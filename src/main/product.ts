import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the installation: where package.json lies. */
export const INSTALLATION = fileURLToPath(new URL('../..', import.meta.url));

/** Version of the product, from package.json. */
export function productVersion(): string {
  const value: unknown = JSON.parse(readFileSync(`${INSTALLATION}package.json`, 'utf8'));
  return typeof value === 'object' && value !== null && 'version' in value
    ? String(value.version)
    : 'unknown';
}
