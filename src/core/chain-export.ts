import type { ChainRow } from './verify-chain.ts';

/** First line of an export. */
export const EXPORT_HEADER = '{"format":"hradlo.audit/1"}';

/** One event as a line of an export. */
export function encodeExportLine({ chainId, sequence, previousHash, event, hash }: ChainRow): string {
  return JSON.stringify({ chain: chainId, sequence, previous: previousHash, event, hash });
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
  if (typeof chain !== 'string' || typeof sequence !== 'number' || typeof event !== 'string')
    return undefined;
  if (typeof previous !== 'string' || typeof hash !== 'string') return undefined;
  return { chainId: chain, sequence, previousHash: previous, event, hash };
}
