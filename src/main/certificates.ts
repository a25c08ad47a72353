import { ChainReader } from '#audit/index.ts';
import type { DocumentId, Principal } from '#core/index.ts';
import type { CertificateDeps } from '#gateway/index.ts';
import { createCommit, openForReading } from '#platform/index.ts';
import { certifyAnswer, replayAnswer, type CertifyDeps, type ReplayDeps } from '#usecases/index.ts';
import type { Answering } from './answering.ts';
import type { Parts } from './compose.ts';
import { synonymsIn } from './synonym-releases.ts';

const iso = (timeMs: number) => new Date(timeMs).toISOString();

/** What certificates, lineage and replays are made with. */
export function createCertificates(
  parts: Parts,
  answering: Answering,
  stack: AsyncDisposableStack,
): CertificateDeps {
  const reader = openForReading(parts.installation.databasePath);
  stack.defer(() => reader.close());
  const chain = new ChainReader(reader);
  const certify: CertifyDeps = {
    findAnswer: (tenantId, id) => parts.certificates.find(tenantId, id),
    listVersions: (tenantId, ids) => parts.lineage.listVersions(tenantId, ids),
    listEvents: async (tenantId, id) => chain.listAbout(tenantId, 'answerId', id),
    listBrokenGlass: async (tenantId, versions) => chain.listBrokenGlass(tenantId, versions),
    readText: (answer, kind) =>
      parts.vault.read(answer, answer.id, { kind, createdAtMs: answer.createdAtMs }),
    filterFor: (principal) => parts.accessFilters.filterFor(principal),
    loadEvidence: (answer, access) =>
      parts.chunks.listReadable(
        answer.evidence.map(({ chunkRow: row, score }) => ({ row, score })),
        access,
      ),
  };
  const replay: ReplayDeps = {
    ...certify,
    recordedFilter: (tenantId, aclSets) => parts.accessFilters.recordedFilter(tenantId, aclSets),
    assemblePrompt: answering.assemblePrompt,
    releaseFor: (model, tenantId) => answering.releaseFor(model, tenantId),
    async synonymsOf({ tenantId, release }) {
      const digest = synonymsIn(release.manifest);
      return digest && parts.synonyms.find(tenantId, digest);
    },
    commit: createCommit(parts.installation.commitmentKey),
    findErasure: (by) =>
      'keyId' in by
        ? chain.findByField('subject.erased', 'keyId', by.keyId)
        : chain.findByField('document.erased', 'documentId', by.documentId),
  };
  return {
    certify: (principal, id) => certifyAnswer(certify, principal, id),
    replay: (request) => replayAnswer(replay, request),
    lineageOf: (principal, id) => lineageOf(parts, principal, id),
  };
}

async function lineageOf(parts: Parts, { tenantId }: Principal, documentId: DocumentId) {
  const versions = await parts.lineage.listOfDocument(tenantId, documentId);
  if (versions.length === 0) return undefined;
  const answers = await parts.certificates.listRestingOn(tenantId, documentId);
  return {
    documentId,
    versions: versions.map((version) => ({
      versionId: version.versionId,
      number: version.ordinal,
      file: version.blobDigest,
      canonicalText: version.canonicalDigest,
      pipeline: version.pipelineDigest,
      validFrom: iso(version.validFromMs),
      knownFrom: iso(version.recordedFromMs),
      knownTo: version.recordedToMs === undefined ? null : iso(version.recordedToMs),
      chunks: version.chunks,
      answers: answers
        .filter(({ versionId }) => versionId === version.versionId)
        .map(({ answerId, wasCited, createdAtMs }) => ({ answerId, cited: wasCited, at: iso(createdAtMs) })),
    })),
  };
}
