import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#contracts/index.ts';
import {
  AnswerStore,
  CertificateStore,
  AnswerUseStore,
  ConversationBook,
  ConversationStore,
  NoteStore,
  ContentStore,
  ContentVault,
  type ContentSchema,
  type ConversationSchema,
} from '#conversation/index.ts';
import type { NewId } from '#core/index.ts';
import {
  FileBlobStore,
  JobStore,
  KeyRing,
  queryBuilder,
  TableJobQueue,
  type JobSchema,
} from '#platform/index.ts';
import { BlobReferenceStore, LineageStore, type RagSchema } from '#rag/index.ts';
import type { Installation } from './installation.ts';
import type { WriterClient } from './writer-client.ts';

/** What is kept, and the work that waits: the parts that recording, replaying and upkeep are handed. */
export interface RecordParts {
  readonly blobs: FileBlobStore;
  readonly blobReferences: BlobReferenceStore;
  readonly jobStore: JobStore;
  readonly jobs: TableJobQueue;
  readonly answers: AnswerStore;
  readonly answerUses: AnswerUseStore;
  readonly contents: ContentStore;
  readonly vault: ContentVault;
  readonly conversations: ConversationStore;
  readonly book: ConversationBook;
  readonly notes: NoteStore;
  readonly certificates: CertificateStore;
  readonly lineage: LineageStore;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Builds them over one connection. */
export function composeRecord(
  reader: DatabaseSync,
  base: {
    readonly writer: WriterClient;
    readonly clock: Clock;
    readonly newId: NewId;
    readonly installation: Installation;
    readonly contentDays: number;
  },
): RecordParts {
  const { writer, clock, newId, installation } = base;
  const jobStore = new JobStore(queryBuilder<JobSchema>(reader));
  const contents = new ContentStore(queryBuilder<ContentSchema & ConversationSchema>(reader));
  const vault = new ContentVault({
    store: contents,
    keys: new KeyRing(installation.keyFolder, installation.masterKey),
    writer,
    clock,
    newId,
    keepMs: base.contentDays * DAY_MS,
  });
  const conversations = new ConversationStore(queryBuilder<ContentSchema & ConversationSchema>(reader));
  return {
    blobs: new FileBlobStore(installation.blobFolder, clock),
    blobReferences: new BlobReferenceStore(queryBuilder<RagSchema>(reader)),
    jobStore,
    jobs: new TableJobQueue(jobStore, writer, clock),
    answers: new AnswerStore(queryBuilder<ConversationSchema>(reader)),
    answerUses: new AnswerUseStore(queryBuilder<ConversationSchema>(reader)),
    contents,
    certificates: new CertificateStore(queryBuilder<ConversationSchema>(reader)),
    lineage: new LineageStore(queryBuilder<RagSchema>(reader)),
    vault,
    conversations,
    notes: new NoteStore(queryBuilder<ContentSchema & ConversationSchema>(reader)),
    book: new ConversationBook({ store: conversations, vault, writer, clock }),
  };
}
