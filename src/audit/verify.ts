import {
  createChainVerifier,
  isTampering,
  type ChainFault,
  type ChainHead,
  type ChainRow,
  type SignedCheckpoint,
} from '#core/index.ts';
import { hashText } from './chain-store.ts';
import { isSignedBy } from './checkpoint-signature.ts';

/** What a check of the chains found. */
export interface Verification {
  readonly events: number;
  readonly heads: ReadonlyMap<string, ChainHead>;
  readonly checkpoints: number;
  /** Signs that something was changed. */
  readonly faults: readonly ChainFault[];
  /** What may be harmless: a clock that went back. */
  readonly notices: readonly ChainFault[];
  /** Checkpoints whose signature does not hold; they were not believed. */
  readonly badSignatures: number;
}

/**
 * Checks chains against themselves and against checkpoints that `verifierKey` signed. A checkpoint whose
 * signature does not hold is a fault of its own kind and says nothing about the chain.
 */
export function verifyChains(
  rows: Iterable<ChainRow>,
  checkpoints: readonly SignedCheckpoint[],
  verifierKey: string,
): Verification {
  const signed = checkpoints.filter((checkpoint) => isSignedBy(checkpoint, verifierKey));
  const verifier = createChainVerifier(hashText, signed);
  const found: ChainFault[] = [];
  let events = 0;
  for (const row of rows) {
    events += 1;
    found.push(...verifier.add(row));
  }
  found.push(...verifier.finish());
  return {
    events,
    heads: verifier.heads,
    checkpoints: signed.length,
    faults: found.filter(isTampering),
    notices: found.filter((fault) => !isTampering(fault)),
    badSignatures: checkpoints.length - signed.length,
  };
}
