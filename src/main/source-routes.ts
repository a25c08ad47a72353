import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError, parseId, type Principal } from '#core/index.ts';
import type { SourcesDeps } from '#gateway/index.ts';
import type { Source, SourceEntry } from '#rag/index.ts';
import {
  acceptFile,
  acceptUpload,
  addFolder,
  findSource,
  followSource,
  mayManage,
  openUploads,
  pauseSource,
  removeSource,
  removeUpload,
  rescan,
  resumeSource,
  retryEntry,
  type DocumentDeps,
  type SourceState,
  type StageState,
} from '#usecases/index.ts';
import type { EntryResponse, SourceProgress, SourceResponse } from '#wire/hradlo/index.ts';
import type { Parts } from './compose.ts';

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const dayMs = (day: string | undefined) => (day === undefined ? undefined : Date.parse(`${day}T00:00:00Z`));

/** Builds what the routes of sources are handed. `onWatch` hears of a source that is to be watched. */
export function createSourcesDeps(
  parts: Parts,
  deps: DocumentDeps,
  onWatch: (source: Source) => void,
): SourcesDeps {
  const find = (principal: Principal, id: string) => findSource(deps, principal, parseId('source', id));
  return {
    async addFolder(principal, { collection, folder, watch, validFrom, passwords }) {
      const checked = await checkFolder(folder, parts.installation.folder);
      const validFromMs = dayMs(validFrom);
      const request = { collection, folder: checked, isWatched: watch, validFromMs, passwords };
      const source = await find(principal, await addFolder(deps, principal, request));
      onWatch(source);
      return toSource(parts, source);
    },
    async listSources(principal) {
      const shown: SourceResponse[] = [];
      for (const source of await parts.sources.list(principal.tenantId)) {
        if (await mayManage(parts, principal, source.collectionId)) shown.push(await toSource(parts, source));
      }
      return shown;
    },
    findSource: async (principal, id) => toSource(parts, await find(principal, id)),
    ...uploadsDeps(parts, deps),
    async manage(principal, id, to) {
      const source = await MANAGE[to](deps, principal, parseId('source', id));
      onWatch(source);
      return toSource(parts, source);
    },
    scan: async (principal, id) => rescan(deps, principal, await find(principal, id)),
    async follow(principal, id, signal) {
      const source = await find(principal, id);
      return progressOf(followSource(deps, source, (ms) => setTimeout(ms, undefined, { signal })));
    },
    async listEntries(principal, id, { state, after, limit }) {
      const source = await find(principal, id);
      const filter = {
        ...(state !== undefined && { state }),
        ...(after !== undefined && { afterKey: after }),
      };
      const entries = await parts.sources.listEntries(source.id, { ...filter, limit });
      const last = entries.length === limit ? entries.at(-1) : undefined;
      return { entries: entries.map(toEntry), next: last?.key ?? null };
    },
    retry: (principal, id, password) =>
      retryEntry(deps, principal, { entryId: parseId('entry', id), password }),
    remove: (principal, id) => removeUpload(deps, principal, parseId('entry', id)),
  };
}

/** Files that are sent, and not found in a folder of the server. */
function uploadsDeps(
  parts: Parts,
  deps: DocumentDeps,
): Pick<SourcesDeps, 'openUploads' | 'sendFile' | 'upload'> {
  return {
    openUploads: async (principal, { validFrom, ...uploads }) =>
      toSource(parts, await openUploads(deps, principal, { ...uploads, validFromMs: dayMs(validFrom) })),
    async sendFile(principal, { sourceId, query: { path, sidecarBytes } }, body) {
      const { head, rest } = await splitBody(body, sidecarBytes);
      return acceptFile(deps, principal, parseId('source', sourceId), { path, sidecar: head, body: rest });
    },
    async upload(principal, { collectionId, query, password }, body) {
      const id = parseId('collection', collectionId);
      if (id === undefined) throw new AppError('collection.not_found', 'There is no such collection.');
      const { path, validFrom } = query;
      const validFromMs = dayMs(validFrom);
      return acceptUpload(deps, principal, { collectionId: id, path, validFromMs, password, body });
    },
  };
}

const MANAGE = { pause: pauseSource, resume: resumeSource, remove: removeSource } as const;

/** The first bytes of a body, undefined for none, and what follows. @throws {AppError} input.invalid when there are fewer. */
async function splitBody(
  body: AsyncIterable<Uint8Array>,
  headBytes: number,
): Promise<{ readonly head: Uint8Array | undefined; readonly rest: AsyncIterable<Uint8Array> }> {
  const pieces = body[Symbol.asyncIterator]();
  let seen = Buffer.alloc(0);
  while (seen.length < headBytes) {
    const { value, done } = await pieces.next();
    if (done === true) throw new AppError('input.invalid', 'The body is shorter than its sidecar.');
    seen = Buffer.concat([seen, value]);
  }
  const remainder = seen.subarray(headBytes);
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield remainder;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return { head: headBytes === 0 ? undefined : seen.subarray(0, headBytes), rest: rest() };
}

/**
 * The folder as the system knows it, links resolved: one folder is one source, however it is named.
 * @throws {AppError} input.invalid for what is no folder, or holds our own data or lies in it.
 */
async function checkFolder(folder: string, dataFolder: string): Promise<string> {
  const refuse = (message: string) =>
    new AppError('input.invalid', message, { details: { param: 'folder' } });
  if (!isAbsolute(folder)) throw refuse('Write the whole path of the folder.');
  const path = await realpath(folder).catch(() => {
    throw refuse('There is no such folder on the server, or Hradlo may not read it.');
  });
  if (!(await lstat(path)).isDirectory()) throw refuse('This is a file and not a folder.');
  const data = await realpath(dataFolder);
  const isOurs = `${data}${sep}`.startsWith(`${path}${sep}`) || `${path}${sep}`.startsWith(`${data}${sep}`);
  if (isOurs) throw refuse('This folder holds Hradlo’s own data. Choose another.');
  return path;
}

async function toSource(parts: Parts, source: Source): Promise<SourceResponse> {
  const collection = await parts.documents.findCollectionById(source.tenantId, source.collectionId);
  const { queued, indexed, quarantined, failed } = await parts.sources.countEntries(source.id);
  return {
    id: source.id,
    collection: collection?.name ?? '',
    kind: source.kind,
    location: source.location,
    watch: source.isWatched,
    paused: source.isPaused,
    scannedAt: source.scannedAtMs === undefined ? null : iso(source.scannedAtMs),
    files: { queued, indexed, quarantined, failed },
  };
}

function toEntry(entry: SourceEntry): EntryResponse {
  return {
    id: entry.id,
    path: entry.key,
    state: entry.state,
    reason: entry.reason === undefined ? null : { ...entry.reason, detail: { ...entry.reason.detail } },
    sizeBytes: entry.sizeBytes,
    pages: entry.pageCount ?? null,
    chunks: entry.chunkCount ?? null,
    documentId: entry.documentId ?? null,
    digest: entry.blobDigest,
    sidecarDigest: entry.sidecarDigest ?? null,
    updatedAt: iso(entry.updatedAtMs),
  };
}

const toStage = ({ done, total, perSecond, remainingSeconds }: StageState) => ({
  done,
  total: total ?? null,
  perSecond: perSecond ?? null,
  remainingSeconds: remainingSeconds ?? null,
});

async function* progressOf(states: AsyncIterable<SourceState>): AsyncGenerator<SourceProgress> {
  for await (const { state, looking, reading, pages, files, current } of states) {
    const { queued, indexed, quarantined, failed } = files;
    yield {
      state,
      looking: toStage(looking),
      reading: toStage(reading),
      pages: toStage(pages),
      files: { queued, indexed, quarantined, failed },
      current: [...current],
    };
  }
}
