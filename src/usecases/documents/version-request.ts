import type { Guard, Statement } from '#contracts/index.ts';
import type { DataClass, Digest, DocumentId, Principal } from '#core/index.ts';
import type { Override } from '#identity/index.ts';
import type { Collection } from '#rag/index.ts';
import type { DocumentContent } from './document-deps.ts';

/** A version of a document that is to be known from now on. */
export interface VersionRequest {
  readonly actor: Pick<Principal, 'issuer' | 'subject'>;
  readonly collection: Collection;
  readonly sourceKey: string;
  readonly externalId: string | undefined;
  readonly origin: string;
  readonly blobDigest: Digest;
  readonly sizeBytes: number;
  readonly statedTitle: string | undefined;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly dataClass: DataClass;
  /** What is stated of its readers; `keep` when nothing is, now or before. */
  readonly access: { readonly override: Override | undefined } | 'keep';
  readonly validFromMs: number | undefined;
  readonly statedToMs: number | undefined;
  /** What must still hold when the version becomes known. */
  readonly guards: readonly Guard[];
  /** Reads the text; only asked when this pipeline has not read these bytes for this document. */
  read(target: { readonly documentId: DocumentId; readonly group: string }): Promise<DocumentContent>;
  /** What belongs into the last unit, once the document is known. */
  conclude(done: {
    documentId: DocumentId | undefined;
    content: DocumentContent | undefined;
  }): Promise<readonly Statement[]>;
}
