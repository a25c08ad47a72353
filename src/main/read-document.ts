import type { Clock } from '#contracts/index.ts';
import { digestOf, type Foreground, type Logger } from '#platform/index.ts';
import type { Quarantine } from '#rag/index.ts';
import { toReason, type ReadOutcome, type ReadRequest } from '#usecases/index.ts';
import type { ReadingClient } from './reading-client.ts';

/**
 * Digest of what turns bytes into chunks. A parser or the cutting that gives another text gets another number: the
 * next look at a source then reads everything anew.
 */
export const PIPELINE_DIGEST = digestOf('hradlo.pipeline/5');

/** Reads a document in the thread that is there for it. */
export async function readDocument(
  {
    reading,
    logger,
    clock,
    foreground,
  }: {
    reading: ReadingClient;
    logger: Logger;
    clock: Clock;
    foreground: Pick<Foreground, 'giveWay'>;
  },
  request: ReadRequest,
): Promise<ReadOutcome> {
  const { blobDigest, fileName, documentId, handsOut, group, signal } = request;
  const startedAtMs = clock.monotonicMs();
  const { passwords } = request;
  const key = JSON.stringify([PIPELINE_DIGEST, blobDigest, fileName, documentId, handsOut]);
  const onBegin = () => {
    request.progress('read', 0, 1);
    logger.debug({ documentId }, 'document.reading');
  };
  const file = { key, blobDigest, fileName, documentId, handsOut, passwords, group, onBegin };
  const outcome = await reading.read(file, signal);
  // What comes now is work of the threads that answers are made in.
  await foreground.giveWay();
  const { content, quarantine } = outcome;
  request.progress('read', 1, 1);
  logger.info(
    {
      documentId,
      outcome: quarantine?.quarantine ?? (outcome.wasKept ? 'kept' : 'read'),
      pages: content?.pageCount ?? 0,
      durationMs: Math.round(clock.monotonicMs() - startedAtMs),
    },
    'document.read',
  );
  if (quarantine === undefined) {
    const release = () => reading.forget(key);
    return { content: { ...content, innerFiles: outcome.innerFiles, release } };
  }
  if (isOurFault(quarantine))
    throw new Error('the program that reads documents ended', { cause: quarantine.detail });
  return { refused: toReason(quarantine) };
}

/** A reader that does not start, or ends as programs do on a bug, says nothing of the file: the job tries again. */
function isOurFault({ detail }: Quarantine): boolean {
  const { cause, exit } = detail;
  return cause === 'parser-not-started' || (cause === 'parser-crashed' && exit === 1);
}
