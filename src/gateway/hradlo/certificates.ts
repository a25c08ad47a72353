import { z } from 'zod';
import { AppError, parseId, type AnswerId, type DocumentId, type Principal } from '#core/index.ts';
import type { Certificate, Replay } from '#usecases/index.ts';
import { CertificateResponse, LineageResponse, ReplayResponse } from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface CertificateDeps {
  certify(principal: Principal, id: AnswerId): Promise<Certificate>;
  replay(request: { principal: Principal; id: AnswerId; signal: AbortSignal }): Promise<Replay>;
  lineageOf(principal: Principal, id: DocumentId): Promise<LineageResponse | undefined>;
}

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const isoOrNull = (timeMs: number | undefined) => (timeMs === undefined ? null : iso(timeMs));

function toManifest(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function toText(kept: Certificate['text']): CertificateResponse['answer'] {
  return { state: kept.state, text: kept.state === 'kept' ? kept.text : null };
}

function toEvidence({ answer, versions, titles }: Certificate): CertificateResponse['evidence'] {
  const byId = new Map(versions.map((version) => [version.versionId, version]));
  return answer.evidence.map((piece) => {
    const version = byId.get(piece.versionId);
    return {
      number: piece.ordinal + 1,
      cited: piece.wasCited,
      chunkId: piece.chunkId,
      versionId: piece.versionId,
      documentId: piece.documentId,
      accessSet: piece.aclSet,
      score: piece.score,
      title: titles.get(piece.versionId) ?? null,
      file: version?.blobDigest ?? null,
      canonicalText: version?.canonicalDigest ?? null,
      pipeline: version?.pipelineDigest ?? null,
      validFrom: isoOrNull(version?.validFromMs),
    };
  });
}

function toResponse(certificate: Certificate): CertificateResponse {
  const { answer, events, question, text } = certificate;
  return {
    format: 'hradlo.certificate/1',
    answerId: answer.id,
    askedBy: { issuer: answer.issuer, subject: answer.subject },
    askedAt: iso(answer.createdAtMs),
    endedAt: isoOrNull(answer.endedAtMs),
    state: answer.state,
    grade: answer.grade ?? null,
    errorCode: answer.errorCode ?? null,
    model: answer.model,
    mode: answer.mode,
    ranOn: answer.ranOn ?? null,
    dialect: answer.dialect,
    dataClass: answer.dataClass,
    release: { digest: answer.release.digest, manifest: toManifest(answer.release.manifest) },
    rights: { fingerprint: answer.accessFingerprint, accessSets: [...answer.aclSets] },
    validAt: iso(answer.validAtMs),
    knownAt: iso(answer.recordedAtMs),
    commitments: {
      question: answer.questionCommitment,
      prompt: answer.promptCommitment ?? null,
      answer: answer.answerCommitment ?? null,
    },
    evidence: toEvidence(certificate),
    usage: answer.usage ?? null,
    events: events.map(({ kind, chainId, sequence, hash, atMs }) => {
      return { kind, chain: chainId, sequence, hash, at: iso(atMs) };
    }),
    brokenGlass: certificate.brokenGlass.map(({ atMs, by, ...glass }) => ({
      ...glass,
      by: { ...by },
      at: iso(atMs),
    })),
    question: toText(question),
    answer: toText(text),
  };
}

const Params = z.object({ answerId: z.string() });

function toAnswerId(text: string): AnswerId {
  const id = parseId('answer', text);
  if (id === undefined) throw new AppError('answer.not_found', 'There is no such answer.');
  return id;
}

/** How an answer came about, the same answer made again, and what came of a document. */
export function certificateRoutes(deps: CertificateDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/answers/:answerId/certificate',
      permission: 'answers.read',
      summary: 'What an answer rests on and how it came about: ids, digests, times, decisions.',
      params: Params,
      response: CertificateResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: toResponse(await deps.certify(principal, toAnswerId(params.answerId))),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/answers/:answerId/replay',
      permission: 'answers.read',
      summary: 'Make an answer again from its record and name what is different.',
      params: Params,
      response: ReplayResponse,
      handle: async ({ principal, params, signal }) => ({
        kind: 'json',
        body: await deps.replay({ principal, id: toAnswerId(params.answerId), signal }),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/lineage/documents/:documentId',
      permission: 'audit.read',
      summary: 'Versions of a document and the answers that rest on them.',
      params: z.object({ documentId: z.string() }),
      response: LineageResponse,
      async handle({ principal, params }) {
        const id = parseId('document', params.documentId);
        const lineage = id && (await deps.lineageOf(principal, id));
        if (lineage === undefined) throw new AppError('document.not_found', 'There is no such document.');
        return { kind: 'json', body: lineage };
      },
    }),
  ];
}
