import type { JobHandler, JobRun, Statement } from '#contracts/index.ts';
import { isAppError, parseId, type Digest, type Json, type SourceId } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import {
  withholdPassword,
  type DocumentSource,
  type EntryReason,
  type FoundFile,
  type Source,
  type SourceEntry,
} from '#rag/index.ts';
import type { DocumentDeps } from './document-deps.ts';
import { keepPasswords } from './document-passwords.ts';
import { entryIdFor, MAX_FILE_BYTES, queueFile } from './queue-file.ts';
import { withdrawEntry } from './withdraw-entry.ts';

/** Kind of the jobs that look what changed in a source. */
export const SCAN_KIND = 'source.scan';
const ENTRIES_PER_PAGE = 1000;
const STATEMENTS_PER_UNIT = 100;
/** The first files are read while others are still looked at. */
const UNIT_MS = 100;
/** Files stored side by side: most of the time goes into waiting for the disk. */
const FILES_AT_ONCE = 8;

export interface ScanDeps extends DocumentDeps {
  open(source: Source): DocumentSource;
}

/** Looks what changed in sources: queues what is new or other, and takes out what is gone. */
export function scanHandler(deps: ScanDeps): JobHandler {
  return { kind: SCAN_KIND, run: (run) => scanSource(deps, run) };
}

/** Queues a look at a source; one that waits already will do. */
export function queueScan(
  deps: Pick<DocumentDeps, 'jobs' | 'newId'>,
  source: Pick<Source, 'id' | 'tenantId'>,
  actor: JobRun['job']['requestedBy'],
): Statement {
  return deps.jobs.enqueue({
    id: deps.newId('job'),
    tenantId: source.tenantId,
    kind: SCAN_KIND,
    payload: { sourceId: source.id },
    requestedBy: { issuer: actor.issuer, subject: actor.subject },
    dedupeKey: source.id,
    // Before the files that it finds.
    priority: 1,
  });
}

function sourceIdOf(payload: Json): SourceId | undefined {
  const isObject = typeof payload === 'object' && payload !== null && 'sourceId' in payload;
  const text = isObject ? payload['sourceId'] : undefined;
  return typeof text === 'string' ? parseId('source', text) : undefined;
}

async function scanSource(deps: ScanDeps, run: JobRun): Promise<void> {
  const sourceId = sourceIdOf(run.job.payload);
  const source = sourceId && (await deps.sources.find(run.job.tenantId, sourceId));
  if (source?.isRemoved === true) return removeAll(deps, run, source);
  if (source?.kind !== 'folder' || source.isPaused) return;
  const gone = await listKnown(deps, source.id);
  // Disposed of at the end, when every file that it stored is named by a unit, or never will be.
  using scan = new Scan(deps, run, source);
  await lookAtAll(scan, deps.open(source).list(run.signal), gone);
  // Only now, when the whole of the source was seen, is what was not seen known to be gone.
  for (const entry of gone.values()) await scan.remove(entry);
  await run.finish({
    statements: [...scan.waiting, deps.sources.changeSource(source.id, { scannedAtMs: deps.clock.nowMs() })],
    audit: [],
  });
  deps.jobs.wake();
}

/** Takes out of answers everything that came from a source, and forgets the source. */
async function removeAll(deps: ScanDeps, run: JobRun, source: Source): Promise<void> {
  const entries = await listKnown(deps, source.id);
  using scan = new Scan(deps, run, source);
  for (const entry of entries.values()) {
    run.signal.throwIfAborted();
    await scan.remove(entry);
  }
  await run.finish({ statements: [deps.sources.deleteSource(source.id)], audit: [] });
}

/** Looks at every file, some at once, and takes out of `gone` what is there. */
async function lookAtAll(
  scan: Scan,
  files: AsyncIterable<FoundFile>,
  gone: Map<string, SourceEntry>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const found of files) {
    const known = gone.get(found.key);
    gone.delete(found.key);
    const looking = scan
      .look(found, known)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(looking));
    running.add(looking);
    if (running.size >= FILES_AT_ONCE) await Promise.race(running);
    if (failures.length > 0) break;
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}

async function listKnown(deps: ScanDeps, sourceId: SourceId): Promise<Map<string, SourceEntry>> {
  const known = new Map<string, SourceEntry>();
  for (let afterKey = ''; ;) {
    const page = await deps.sources.listEntries(sourceId, { afterKey, limit: ENTRIES_PER_PAGE });
    for (const entry of page) if (entry.parentId === undefined) known.set(entry.key, entry);
    const last = page.at(-1);
    if (last === undefined) return known;
    afterKey = last.key;
  }
}

/** A file as it was stored. */
interface Taken {
  readonly blobDigest: Digest;
  readonly sidecarDigest: Digest | undefined;
  readonly sizeBytes: number;
  /** Out of the sidecar. */
  readonly password: string | undefined;
}

const TOO_LARGE: EntryReason = {
  code: 'too-large',
  message: `The file is larger than the ${MAX_FILE_BYTES / 1024 / 1024} MiB that are read here.`,
  detail: { limit: MAX_FILE_BYTES },
};
const UNREADABLE: EntryReason = {
  code: 'source.unreadable',
  message: 'Hradlo may not read the file. Give it the right to, and it comes in with the next look.',
  detail: {},
};

/** One look at a source. */
class Scan implements Disposable {
  readonly #deps: ScanDeps;
  readonly #run: JobRun;
  readonly #source: Source;
  readonly #files: DocumentSource;
  /** Statements that belong into the next unit. */
  waiting: Statement[] = [];
  /** Files that were stored. */
  readonly #stored: Digest[] = [];
  #flushedAtMs = -UNIT_MS;
  #seen = 0;
  #changed = 0;
  #removed = 0;

  constructor(deps: ScanDeps, run: JobRun, source: Source) {
    this.#deps = deps;
    this.#run = run;
    this.#source = source;
    this.#files = deps.open(source);
  }

  async look(found: FoundFile, known: SourceEntry | undefined): Promise<void> {
    this.#seen += 1;
    this.#run.progress('seen', this.#seen);
    const isCurrent = known?.pipelineDigest === this.#deps.pipelineDigest;
    if (known?.stamp === found.stamp && isCurrent) return;
    const taken = await this.#take(found);
    if (taken === undefined) return;
    if ('reason' in taken) this.#refuse(found, taken.reason);
    else if (known !== undefined && isCurrent && isSame(known, taken)) {
      this.waiting.push(this.#deps.sources.touchEntry(known.id, found.stamp, this.#deps.clock.nowMs()));
    } else this.#queue(found, taken);
    const isLong = this.#deps.clock.monotonicMs() - this.#flushedAtMs >= UNIT_MS;
    if (this.waiting.length >= STATEMENTS_PER_UNIT || isLong) await this.#flush();
  }

  /** Stores a file; undefined when it is gone by now. One that cannot be stored is told and stops nobody. */
  async #take({ key, sizeBytes }: FoundFile): Promise<Taken | { readonly reason: EntryReason } | undefined> {
    const { blobs } = this.#deps;
    try {
      if (sizeBytes > MAX_FILE_BYTES) return { reason: TOO_LARGE };
      const fetched = await this.#files.fetch(key, this.#run.signal);
      if (fetched === undefined) return undefined;
      const stored = await blobs.putStream(fetched.pieces, MAX_FILE_BYTES);
      const { digest: blobDigest } = stored;
      this.#stored.push(blobDigest);
      const withheld = fetched.sidecar && withholdPassword(fetched.sidecar);
      const sidecarDigest = withheld && (await blobs.put(withheld.sidecar));
      if (sidecarDigest !== undefined) this.#stored.push(sidecarDigest);
      return { blobDigest, sizeBytes: stored.sizeBytes, sidecarDigest, password: withheld?.password };
    } catch (error) {
      if (isAppError(error, 'source.unavailable')) return { reason: UNREADABLE };
      if (isAppError(error, 'input.too_large')) return { reason: TOO_LARGE };
      throw error;
    }
  }

  /** Lists a file that was not even read. One that could not be read is looked at again each time. */
  #refuse({ key, stamp, sizeBytes }: FoundFile, reason: EntryReason): void {
    const { tenantId, id: sourceId } = this.#source;
    const { sources, pipelineDigest, clock } = this.#deps;
    const id = entryIdFor(sourceId, key);
    const isLarge = reason === TOO_LARGE;
    const unread = { blobDigest: digestOf(`unread ${stamp}`), sidecarDigest: undefined, parentId: undefined };
    const entry = {
      id,
      tenantId,
      sourceId,
      key,
      stamp: isLarge ? stamp : '',
      sizeBytes,
      pipelineDigest,
      ...unread,
    };
    const state = isLarge ? 'quarantined' : 'failed';
    this.waiting.push(
      sources.queueEntry(entry, clock.nowMs()),
      sources.refuseEntry(id, { state, reason }, clock.nowMs()),
    );
  }

  #queue({ key, stamp }: FoundFile, { password, ...content }: Taken): void {
    const { tenantId, id: sourceId } = this.#source;
    const file = { tenantId, sourceId, key, stamp, parentId: undefined, ...content };
    this.waiting.push(...queueFile(this.#deps, this.#run.job.requestedBy, file));
    const owner = { tenantId, sourceId, entryId: entryIdFor(sourceId, key) };
    if (password !== undefined) this.waiting.push(keepPasswords(this.#deps, owner, [password]));
    this.#changed += 1;
    this.#run.progress('changed', this.#changed);
  }

  async remove(entry: SourceEntry): Promise<void> {
    const actor = this.#run.job.requestedBy;
    const statements = [this.#deps.sources.removeEntry(entry.id)];
    await withdrawEntry(this.#deps, this.#run, { actor, entry, statements });
    this.#removed += 1;
    this.#run.progress('removed', this.#removed);
  }

  [Symbol.dispose](): void {
    for (const digest of this.#stored) this.#deps.blobs.settle(digest);
  }

  async #flush(): Promise<void> {
    const statements = this.waiting;
    this.waiting = [];
    this.#flushedAtMs = this.#deps.clock.monotonicMs();
    if (statements.length === 0) return;
    await this.#run.write({ statements, audit: [] });
    this.#deps.jobs.wake();
  }
}

function isSame(known: SourceEntry, taken: Taken): boolean {
  // A password may be another one than before, which the stored sidecar does not show.
  const isSamePassword = taken.password === undefined;
  return (
    isSamePassword && known.blobDigest === taken.blobDigest && known.sidecarDigest === taken.sidecarDigest
  );
}
