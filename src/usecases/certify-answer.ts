import type { KeptText, RecordedAnswer } from '#conversation/index.ts';
import {
  AppError,
  hasPermission,
  mayRead,
  type AccessFilter,
  type AnswerId,
  type Evidence,
  type Principal,
  type TenantId,
  type VersionId,
} from '#core/index.ts';
import type { VersionLineage } from '#rag/index.ts';

/** An audit event about an answer, as it stands in its chain. */
export interface RecordedEvent {
  readonly kind: string;
  readonly chainId: string;
  readonly sequence: number;
  readonly hash: string;
  readonly atMs: number;
}

/** That somebody read a text of the evidence without a grant, by an override that is recorded with its reason. */
export interface BrokenGlass {
  readonly versionId: string;
  readonly reason: string;
  readonly by: { readonly issuer: string; readonly subject: string };
  readonly sequence: number;
  readonly atMs: number;
}

/** What an answer rests on and how it came about, by ids, digests, times and decisions. */
export interface Certificate {
  readonly answer: RecordedAnswer;
  readonly versions: readonly VersionLineage[];
  readonly events: readonly RecordedEvent[];
  /** Texts of its evidence that were read without a grant since; for those who may read the audit trail. */
  readonly brokenGlass: readonly BrokenGlass[];
  /** Titles of documents that the reader may read, by version. */
  readonly titles: ReadonlyMap<VersionId, string>;
  /** Only to whom it may be shown; else why not. */
  readonly question: KeptText | { readonly state: 'withheld' };
  readonly text: KeptText | { readonly state: 'withheld' };
}

export interface CertifyDeps {
  findAnswer(tenantId: TenantId, id: AnswerId): Promise<RecordedAnswer | undefined>;
  listVersions(tenantId: TenantId, ids: readonly VersionId[]): Promise<VersionLineage[]>;
  listEvents(tenantId: TenantId, id: AnswerId): Promise<readonly RecordedEvent[]>;
  listBrokenGlass(tenantId: TenantId, versions: readonly VersionId[]): Promise<readonly BrokenGlass[]>;
  readText(answer: RecordedAnswer, kind: 'question' | 'answer'): Promise<KeptText>;
  filterFor(principal: Principal): Promise<AccessFilter>;
  /** The recorded evidence, as far as `access` may read it. */
  loadEvidence(answer: RecordedAnswer, access: AccessFilter): Promise<readonly Evidence[]>;
}

const WITHHELD = { state: 'withheld' } as const;

/**
 * The record of an answer, for its asker and for those who may read the audit trail; for anybody else there is
 * no such answer. @throws {AppError} answer.not_found
 */
export async function findVisibleAnswer(
  deps: Pick<CertifyDeps, 'findAnswer'>,
  principal: Principal,
  id: AnswerId,
): Promise<RecordedAnswer> {
  const answer = await deps.findAnswer(principal.tenantId, id);
  if (answer !== undefined && (isAsker(answer, principal) || hasPermission(principal, 'audit.read')))
    return answer;
  throw new AppError('answer.not_found', 'There is no such answer.');
}

function isAsker(answer: RecordedAnswer, { issuer, subject }: Principal): boolean {
  return answer.issuer === issuer && answer.subject === subject;
}

/**
 * Makes the certificate of an answer. Its text is shown to the asker, and to whom every piece that it cites may
 * be shown; the question to the asker alone. @throws {AppError} answer.not_found
 */
export async function certifyAnswer(
  deps: CertifyDeps,
  principal: Principal,
  id: AnswerId,
): Promise<Certificate> {
  const answer = await findVisibleAnswer(deps, principal, id);
  const access = await deps.filterFor(principal);
  const readable = await deps.loadEvidence(answer, access);
  const shown = new Set(
    readable
      .filter((piece) => mayRead(access, piece.aclSet, piece.collectionId))
      .map((piece) => piece.chunkRow),
  );
  const isOwn = isAsker(answer, principal);
  const seesText = isOwn || answer.evidence.every((piece) => !piece.wasCited || shown.has(piece.chunkRow));
  const versions = [...new Set(answer.evidence.map((piece) => piece.versionId))];
  return {
    answer,
    versions: await deps.listVersions(answer.tenantId, versions),
    brokenGlass: hasPermission(principal, 'audit.read')
      ? await deps.listBrokenGlass(answer.tenantId, versions)
      : [],
    events: await deps.listEvents(answer.tenantId, id),
    titles: new Map(readable.map((piece) => [piece.versionId, piece.title])),
    question: isOwn ? await deps.readText(answer, 'question') : WITHHELD,
    text: seesText ? await deps.readText(answer, 'answer') : WITHHELD,
  };
}
