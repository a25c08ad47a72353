import * as fc from 'fast-check';
import { expectAclSetId } from '#core/index.ts';
import {
  AccessFilters,
  basePolicy,
  decide,
  encodePolicy,
  overlay,
  parsePolicy,
  type AclPolicy,
  type Entry,
} from '#identity/index.ts';
import { accessCase, COLLECTIONS, TENANTS, type AccessCase } from '../support/access-arbitraries.ts';
import { cedarAllows } from '../support/cedar.ts';
import { informative, judged, type Proof } from './proof.ts';

const FULL = 100_000;
const QUICK = 2000;

/** The policy of the case's chunk, after it went through its stored form. */
function policyOf({ document, chunk }: AccessCase): AclPolicy {
  const base = basePolicy(COLLECTIONS[0]!);
  const withDocument = document === undefined ? base : overlay(base, document);
  return parsePolicy(encodePolicy(chunk === undefined ? withDocument : overlay(withDocument, chunk)));
}

/** The verdict with reasons: what explanations show. */
function decisionAllows(given: AccessCase): boolean {
  const judgedPolicy = { tenantId: TENANTS[0]!, policy: policyOf(given), grants: given.grants };
  return decide(given.principal, judgedPolicy, given.context).allowed;
}

/** What retrieval goes by: whether the access filter of the person holds the chunk's set. */
async function filterAllows(given: AccessCase): Promise<boolean> {
  const id = expectAclSetId(1);
  const policy = policyOf(given);
  const source = {
    generation: async () => 1,
    load: async (tenantId: string) => ({
      // The set lies in the first tenant; whoever asks from another one loads another one's sets.
      sets: tenantId === TENANTS[0] ? [{ id, policy }] : [],
      grants: new Map([[policy.collectionId, given.grants]]),
      collections: new Map([['contracts', policy.collectionId]]),
    }),
  };
  const filters = new AccessFilters(source, { nowMs: () => given.context.nowMs, monotonicMs: () => 0 });
  return (await filters.filterFor(given.principal, { purpose: given.context.purpose })).aclSets.has(id);
}

/** A planted fault, to show that the oracle sees: denials are forgotten. */
function forgetDenials(given: AccessCase): AccessCase {
  const allows = (entries: readonly Entry[]) => entries.filter(({ effect }) => effect === 'allow');
  return {
    ...given,
    grants: allows(given.grants),
    document: given.document && { ...given.document, entries: allows(given.document.entries) },
    chunk: given.chunk && { ...given.chunk, entries: allows(given.chunk.entries) },
  };
}

export const proof: Proof = {
  promise: 'our decision and an independent policy engine agree on random policies',
  async run({ isQuick }) {
    const total = isQuick ? QUICK : FULL;
    let disagreements = 0;
    let filterDisagreements = 0;
    let allowed = 0;
    let faultsSeen = 0;
    // In parts, so that a hundred thousand cases are never in memory at once.
    for (let done = 0; done < total; done += 1000) {
      for (const given of fc.sample(accessCase, { numRuns: 1000, seed: 20_261_120 + done })) {
        const expected = cedarAllows(given);
        if (expected) allowed += 1;
        if (decisionAllows(given) !== expected) disagreements += 1;
        if ((await filterAllows(given)) !== expected) filterDisagreements += 1;
        if (decisionAllows(forgetDenials(given)) !== expected) faultsSeen += 1;
      }
    }
    const share = allowed / total;
    return {
      figures: [
        judged('random policies judged by both', total, `${total}`, true),
        judged('disagreements of the decision', disagreements, '0', disagreements === 0),
        judged('disagreements of the access filter', filterDisagreements, '0', filterDisagreements === 0),
        judged(
          'share allowed (neither side is trivial)',
          share.toFixed(3),
          '0.1 to 0.9',
          share > 0.1 && share < 0.9,
        ),
        judged('planted fault (denials forgotten) seen', faultsSeen, '> 0', faultsSeen > 0),
        informative('oracle', 'Cedar 4.13 (cedar-wasm), test only'),
      ],
    };
  },
};
