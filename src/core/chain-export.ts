import type { ChainRow } from './verify-chain.ts';

/** First line of an export. */
export const EXPORT_HEADER = '{"format":"hradlo.audit/1"}';

/** One event as a line of an export; `event` is null where it is withheld. */
export function encodeExportLine(row: ChainRow): string {
  const { chainId, sequence, previousHash, event, hash, isWithheld } = row;
  const shown = isWithheld ? null : event;
  return JSON.stringify({ chain: chainId, sequence, previous: previousHash, event: shown, hash });
}

/** Reads a line of an export; undefined when it is not one. */
export function parseExportLine(line: string): ChainRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { chain, sequence, previous, event, hash } = Object.fromEntries(Object.entries(value));
  if (typeof chain !== 'string' || typeof sequence !== 'number') return undefined;
  if (typeof previous !== 'string' || typeof hash !== 'string') return undefined;
  const place = { chainId: chain, sequence, previousHash: previous, hash };
  if (event === null) return { ...place, event: '', isWithheld: true };
  return typeof event === 'string' ? { ...place, event } : undefined;
}
