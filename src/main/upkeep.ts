import type { JobHandler } from '#contracts/index.ts';
import { RESTORABLE_MS } from '#usecases/index.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';
import type { Erasing } from './erasing.ts';

const INTERVAL_MS = 6 * 60 * 60 * 1000;
const FIRST_AFTER_MS = 60_000;
const KEEP_FINISHED_JOBS_MS = 30 * 24 * 60 * 60 * 1000;

/** Deletes the files that no document and no waiting job needs. */
function collectBlobs(parts: Parts): JobHandler {
  return {
    kind: 'blobs.collect',
    async run(run) {
      const deleted = await parts.blobs.collect(async (digests) => {
        const [documents, jobs] = await Promise.all([
          parts.blobReferences.listReferenced(digests),
          parts.jobStore.listNeededBlobs(digests),
        ]);
        return new Set([...documents, ...jobs]);
      });
      run.progress('delete', deleted.length, deleted.length);
    },
  };
}

/** Forgets jobs that ended long ago. */
function expireJobs(parts: Parts): JobHandler {
  return {
    kind: 'jobs.expire',
    async run(run) {
      const beforeMs = parts.clock.nowMs() - KEEP_FINISHED_JOBS_MS;
      await run.finish({ statements: [parts.jobStore.deleteEnded(beforeMs)], audit: [] });
    },
  };
}

/** Deletes texts and conversations whose time ran out, and conversations that nobody brought back. */
function expireContent(parts: Parts): JobHandler {
  return {
    kind: 'content.expire',
    async run(run) {
      const nowMs = parts.clock.nowMs();
      const conversations = parts.conversations.deleteExpired(nowMs, nowMs - RESTORABLE_MS);
      await run.finish({
        statements: [parts.contents.deleteExpired(nowMs), parts.notes.deleteExpired(nowMs), ...conversations],
        audit: [],
      });
    },
  };
}

/** Erases documents that were deleted long ago. */
function expireDocuments(erasing: Erasing): JobHandler {
  return {
    kind: 'documents.expire',
    async run(run) {
      const erased = await erasing.eraseExpired();
      run.progress('erase', erased, erased);
    },
  };
}

/** The jobs that the product gives itself. */
export function upkeepHandlers(parts: Parts, erasing: Erasing): JobHandler[] {
  return [collectBlobs(parts), expireJobs(parts), expireContent(parts), expireDocuments(erasing)];
}

/** Queues each upkeep job now and then; one that still waits is not queued twice. */
export function scheduleUpkeep(parts: Parts, handlers: readonly JobHandler[]): Disposable {
  const queueAll = async () => {
    const statements = handlers.map(({ kind }) =>
      parts.jobs.enqueue({
        id: parts.newId('job'),
        tenantId: FIRST_TENANT,
        kind,
        payload: null,
        requestedBy: parts.system,
        dedupeKey: 'upkeep',
        priority: -10,
        runAfterMs: parts.clock.nowMs() + FIRST_AFTER_MS,
      }),
    );
    await parts.writer.write({ statements, audit: [] });
    parts.jobs.wake();
  };
  const run = () =>
    void queueAll().catch((error: unknown) => parts.logger.warn({ error }, 'upkeep.not_queued'));
  run();
  const timer = setInterval(run, INTERVAL_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
