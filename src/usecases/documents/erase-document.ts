import type { ContentVault, ConversationBook, NoteStore } from '#conversation/index.ts';
import type { Statement } from '#contracts/index.ts';
import { AppError, type Digest, type DocumentId, type Principal } from '#core/index.ts';
import type { DocumentErasureStore, ErasableDocument } from '#rag/index.ts';
import { decodeQuestion } from '../prompt-record.ts';
import { eventOf, type DocumentDeps } from './document-deps.ts';
import { withdrawEntry } from './withdraw-entry.ts';

/** A file that an erased document was made of. */
export interface ErasedFile {
  readonly digest: Digest;
  /** When it was put for the document at the latest; later than that, somebody else put it. */
  readonly lastPutMs: number;
}

export interface EraseDocumentDeps extends DocumentDeps {
  readonly documentErasures: DocumentErasureStore;
  readonly vault: ContentVault;
  readonly book: ConversationBook;
  readonly notes: NoteStore;
  /** Notes outside the database, durably, that a document is erased: a restore of an older state must not undo it. */
  noteErased(documentId: DocumentId): Promise<void>;
  /** Deletes the files that nobody needs; how many of them stay, because another document is made of the same bytes. */
  deleteFiles(
    files: readonly ErasedFile[],
    removedAtMs: number,
  ): Promise<{ readonly gone: readonly Digest[]; readonly stay: number }>;
  /** Clears what was deleted out of the database's log. */
  purge(): Promise<void>;
  /** Makes a new copy of the backup without it; `none` when there is no backup. */
  renewBackup(erased: readonly Digest[]): Promise<'renewed' | 'failed' | 'none'>;
}

export interface DocumentErasureRequest {
  readonly principal: Pick<Principal, 'tenantId' | 'issuer' | 'subject'>;
  readonly documentId: DocumentId;
  /** Why, as a reference: the number of a request, not a text. */
  readonly reference: string;
}

/** What an erasure did. */
export interface DocumentErasure {
  /** The document and those that came in inside its file. */
  readonly documents: number;
  /** Kept questions and answers that repeated it. */
  readonly texts: number;
  /** Files that stay, because another document is made of the same bytes. */
  readonly sharedFiles: number;
  readonly backup: 'renewed' | 'failed' | 'none';
}

/** Shorter pieces of an answer are said anywhere. */
const TELLING_CHARACTERS = 24;

/**
 * Erases a document for good: its file, text, name, what the index knows, and the kept answers that quoted it. An
 * uploaded one that is still there is taken out first. Ids, digests and times stay in the record.
 * @throws {AppError} document.not_found; conflict.state while its file lies in a folder that is followed, or when it
 *   came in inside another file.
 */
export async function eraseDocument(
  deps: EraseDocumentDeps,
  request: DocumentErasureRequest,
): Promise<DocumentErasure> {
  const { principal, documentId } = request;
  const document = await deps.documentErasures.find(principal.tenantId, documentId);
  if (document === undefined || document.erasedAtMs !== undefined)
    throw new AppError('document.not_found', 'There is no such document.');
  await refuseInner(deps, document);
  const family = await deps.documentErasures.listWithInner(document);
  for (const one of family) await refuseWhileInFolder(deps, one);
  for (const one of family) await takeOut(deps, request, one);
  let texts = 0;
  for (const one of family) texts += await deps.documentLock.run(one.id, () => eraseRows(deps, request, one));
  return { documents: family.length, texts, ...(await finishErasures(deps, family)) };
}

async function refuseInner(deps: EraseDocumentDeps, document: ErasableDocument): Promise<void> {
  const outer = await deps.documentErasures.findOuter(document);
  const files = await deps.documentErasures.listLiveFiles(document.id);
  if (outer === undefined && files.every(({ parentId }) => parentId === undefined)) return;
  throw new AppError(
    'conflict.state',
    outer === undefined
      ? 'The document came in inside another file. Remove that file first.'
      : `The document came in inside the file of ${outer}. Erase that one: both go.`,
  );
}

async function refuseWhileInFolder(deps: EraseDocumentDeps, { id }: ErasableDocument): Promise<void> {
  const files = await deps.documentErasures.listLiveFiles(id);
  if (files.every(({ kind }) => kind === 'upload')) return;
  throw new AppError(
    'conflict.state',
    'The file still lies in its folder and would come in again. Remove it there, let the folder be looked at, then erase.',
  );
}

/** Removes the uploads that a document is still read from. */
async function takeOut(
  deps: EraseDocumentDeps,
  { principal }: DocumentErasureRequest,
  { id, tenantId }: ErasableDocument,
): Promise<void> {
  for (const { entryId, parentId } of await deps.documentErasures.listLiveFiles(id)) {
    const entry = await deps.sources.findEntry(tenantId, entryId);
    // Files inside another one go with it.
    if (entry === undefined || parentId !== undefined) continue;
    await withdrawEntry(deps, deps.writer, {
      actor: principal,
      entry,
      statements: [deps.sources.removeEntry(entryId)],
    });
  }
}

/** Takes the document out of the tables and out of the index. Returns how many kept texts went with it. */
async function eraseRows(
  deps: EraseDocumentDeps,
  { principal, reference }: DocumentErasureRequest,
  document: ErasableDocument,
): Promise<number> {
  const { documentErasures, access, clock } = deps;
  const { id: documentId, tenantId } = document;
  const rows = await documentErasures.listRows(documentId);
  const files = await documentErasures.listFiles(documentId);
  const texts = await planTexts(deps, document);
  const overrides = await access.listOverrides(tenantId, documentId);
  const atMs = clock.nowMs();
  await deps.noteErased(documentId);
  await deps.writer.write({
    isEssential: true,
    guards: [documentErasures.guardNoFile(documentId)],
    statements: [
      ...documentErasures.erase(document, atMs),
      ...overrides.map((override) => access.removeOverride(override)),
      ...texts,
      deps.notes.deleteRestingOn(tenantId, documentId),
    ],
    audit: [
      eventOf(
        principal,
        { kind: 'document.erased', tenantId, atMs },
        {
          documentId,
          reference,
          files: files.length,
          chunks: rows.length,
          texts: texts.length,
        },
      ),
    ],
  });
  await deps.index.purge(rows);
  return texts.length;
}

/** The statements that empty what repeats a document: kept answers, questions that carry them along, conversations. */
async function planTexts(
  { vault, book }: EraseDocumentDeps,
  { id: documentId, tenantId }: ErasableDocument,
): Promise<readonly Statement[]> {
  return [
    ...(await vault.planErasureOf({ tenantId, documentId }, repeatsAnswer)),
    ...(await book.planErasureOf(tenantId, documentId)),
  ];
}

/** Empties what was kept of answers that were under way while their document was erased. Returns how many texts. */
export async function eraseLateTexts(
  deps: EraseDocumentDeps,
  documents: readonly ErasableDocument[],
): Promise<number> {
  const plans = await Promise.all(documents.map((document) => planTexts(deps, document)));
  const texts = plans.flat();
  const notes = documents.map(({ tenantId, id }) => deps.notes.deleteRestingOn(tenantId, id));
  if (notes.length > 0)
    await deps.writer.write({ isEssential: true, statements: [...texts, ...notes], audit: [] });
  return texts.length;
}

/** Whether a kept question carries one of these answers, or a telling line of one, along as its history. */
function repeatsAnswer(question: string, answers: readonly string[]): boolean {
  const said = decodeQuestion(question)
    .messages.map(({ content }) => content)
    .join('\n');
  return answers.some((answer) =>
    answer
      .split('\n')
      .map((line) => line.trim())
      .some((line) => line.length >= TELLING_CHARACTERS && said.includes(line)),
  );
}

/**
 * What follows the commit: files, the log, the backup. Done again at the next start when the process ended before.
 */
export async function finishErasures(
  deps: EraseDocumentDeps,
  documents: readonly ErasableDocument[],
): Promise<Pick<DocumentErasure, 'sharedFiles' | 'backup'>> {
  const files = (await Promise.all(documents.map(({ id }) => deps.documentErasures.listFiles(id)))).flat();
  await eraseLateTexts(deps, documents);
  const { gone, stay } = await deps.deleteFiles(files, deps.clock.nowMs());
  await deps.purge();
  const backup = await deps.renewBackup(gone);
  if (backup !== 'failed') {
    const nowMs = deps.clock.nowMs();
    const statements = documents.map(({ id }) => deps.documentErasures.finish(id, nowMs));
    await deps.writer.write({ isEssential: true, statements, audit: [] });
  }
  return { sharedFiles: stay, backup };
}
