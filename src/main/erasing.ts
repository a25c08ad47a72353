import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseId, type Digest, type DocumentId } from '#core/index.ts';
import { appendDurably, syncFolder } from '#platform/index.ts';
import {
  eraseDocument,
  eraseLateTexts,
  eraseSubject,
  finishErasures,
  type DocumentErasure,
  type DocumentErasureRequest,
  type Erasure,
  type EraseDeps,
  type EraseDocumentDeps,
  type ScanDeps,
} from '#usecases/index.ts';
import type { Backups } from './backup-service.ts';
import type { Parts } from './compose.ts';
import type { InstallationPaths } from './installation.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DOCUMENTS_PER_TURN = 100;
/** Why the product erases by itself. */
const EXPIRED = 'retention.deletedDocumentDays';
const RESTORED = 'erased before the restore';

/** What erases, in the running product. */
export interface Erasing {
  eraseSubject(erasure: Erasure): Promise<{ keys: number }>;
  eraseDocument(request: DocumentErasureRequest): Promise<DocumentErasure>;
  /** Erases documents whose time after their removal is over. Returns how many. */
  eraseExpired(): Promise<number>;
  /** Goes on with what a kill cut short, and does again what a restore of an older state has undone. */
  resume(): Promise<void>;
}

/** Builds it. */
export function createErasing(parts: Parts, documents: ScanDeps, backups: Backups): Erasing {
  const { documentErasures, clock, config, writer, logger } = parts;
  const deps: EraseDocumentDeps = {
    ...parts,
    ...documents,
    noteErased: (documentId) => noteErased(parts.installation, documentId),
    deleteFiles: (files, atMs) => deleteFiles(parts, files, atMs),
    purge: () => writer.purge(),
    renewBackup: (erased) => backups.renew(erased),
  };
  const erase = (request: DocumentErasureRequest) => eraseDocument(deps, request);
  const asSystem = (documentId: DocumentId, tenantId: Parts['system']['tenantId'], reference: string) =>
    erase({ principal: { ...parts.system, tenantId }, documentId, reference });
  return {
    eraseDocument: erase,
    async eraseSubject(erasure) {
      const forgetAccount: EraseDeps['forgetAccount'] = (...person) => parts.erasures.erase(...person);
      const erased = await eraseSubject({ ...parts, forgetAccount, purge: () => writer.purge() }, erasure);
      await backups.renew([]);
      return erased;
    },
    async eraseExpired() {
      const sinceMs = clock.nowMs() - config.retention.deletedDocumentDays * DAY_MS;
      const due = await documentErasures.listRemoved(sinceMs, DOCUMENTS_PER_TURN);
      let count = 0;
      for (const { id, tenantId } of due) {
        // One that came in inside a file that is still there stays until that one goes.
        await asSystem(id, tenantId, EXPIRED).then(
          () => (count += 1),
          (error: unknown) => logger.warn({ error, documentId: id }, 'document.not_erased'),
        );
      }
      // Answers that were being made while their document was erased were kept after it.
      await eraseLateTexts(deps, await documentErasures.listErasedSince(clock.nowMs() - DAY_MS));
      return count;
    },
    async resume() {
      const unfinished = await documentErasures.listUnfinished();
      if (unfinished.length > 0) await finishErasures(deps, unfinished);
      for (const id of await readErased(parts.installation)) {
        const found = await documentErasures.findAnywhere(id);
        if (found === undefined || found.erasedAtMs !== undefined) continue;
        await asSystem(id, found.tenantId, RESTORED);
      }
    },
  };
}

async function noteErased({ erasedPath }: InstallationPaths, documentId: DocumentId): Promise<void> {
  await mkdir(dirname(erasedPath), { recursive: true, mode: 0o700 });
  await appendDurably(erasedPath, `${documentId}\n`);
  await syncFolder(dirname(erasedPath));
}

async function readErased({ erasedPath }: InstallationPaths): Promise<DocumentId[]> {
  const text = await readFile(erasedPath, 'utf8').catch(() => '');
  return [...new Set(text.split('\n'))].flatMap((line) => parseId('document', line) ?? []);
}

/**
 * Deletes the files of erased documents that nobody needs, and what else nothing refers to, such as their sidecars.
 */
async function deleteFiles(
  parts: Parts,
  files: Parameters<EraseDocumentDeps['deleteFiles']>[0],
  atMs: number,
): Promise<{ gone: Digest[]; stay: number }> {
  const { blobs } = parts;
  const referenced = async (digests: readonly Digest[]) =>
    new Set<string>([
      ...(await parts.blobReferences.listReferenced(digests)),
      ...(await parts.jobStore.listNeededBlobs(digests)),
    ]);
  const gone = await blobs.deleteUnneeded(files, referenced);
  // A file that is being read may hand out others, which nothing names before it is through.
  if (!(await parts.jobStore.isRunning())) {
    gone.push(...(await blobs.deleteUnneeded(await blobs.listPutBefore(atMs), referenced)));
  }
  // What was read and a kill kept from being forgotten; whoever still needs it reads again.
  const { readFolder } = parts.installation;
  for (const name of await readdir(readFolder).catch(() => []))
    await rm(join(readFolder, name), { force: true });
  const digests = new Set(gone);
  return { gone, stay: files.filter(({ digest }) => !digests.has(digest)).length };
}
