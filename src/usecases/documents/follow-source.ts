import type { Job } from '#contracts/index.ts';
import { parseId, type Json } from '#core/index.ts';
import type { EntryCounts, Source } from '#rag/index.ts';
import type { DocumentDeps } from './document-deps.ts';
import { INGEST_KIND } from './queue-file.ts';
import { SCAN_KIND } from './scan-source.ts';

/** How far a stage has come. Rates are those of the last seconds; undefined while nothing moves. */
export interface StageState {
  readonly done: number;
  readonly total: number | undefined;
  readonly perSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
}

export interface SourceState {
  readonly state: 'looking' | 'reading' | 'paused' | 'done';
  /** Files seen in the source. */
  readonly looking: StageState;
  /** Files taken in or put aside. */
  readonly reading: StageState;
  readonly pages: StageState;
  readonly files: EntryCounts;
  readonly current: readonly string[];
}

const WINDOW_MS = 10_000;
const INTERVAL_MS = 500;
/** Whoever waits for the end is told of it as it comes. */
const GLANCE_MS = 50;
const RUNNING_LIMIT = 100;

interface Sample {
  readonly atMs: number;
  readonly seen: number;
  readonly files: number;
  readonly pages: number;
  readonly bytesQueued: number;
}

/** Tells how a source comes in, twice a second, until there is nothing left to do. */
export async function* followSource(
  deps: Pick<DocumentDeps, 'sources' | 'jobs' | 'clock'>,
  source: Source,
  wait: (ms: number) => Promise<void>,
): AsyncGenerator<SourceState> {
  const samples: Sample[] = [];
  for (;;) {
    const state = await stateOf(deps, source, samples);
    yield state;
    if (state.state === 'done' || state.state === 'paused') return;
    await nextTurn(deps, source, { isReading: state.state === 'reading', wait });
  }
}

/** Waits until it is time to tell again, or until nothing is left to read. */
async function nextTurn(
  { sources }: Pick<DocumentDeps, 'sources'>,
  { id }: Source,
  now: { readonly isReading: boolean; wait(ms: number): Promise<void> },
): Promise<void> {
  for (let waitedMs = 0; waitedMs < INTERVAL_MS; waitedMs += GLANCE_MS) {
    await now.wait(GLANCE_MS);
    if (now.isReading && !(await sources.hasQueued(id))) return;
  }
}

function textOf(payload: Json, name: string): string | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const value = Object.entries(payload).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

async function stateOf(
  deps: Pick<DocumentDeps, 'sources' | 'jobs' | 'clock'>,
  source: Source,
  samples: Sample[],
): Promise<SourceState> {
  const { tenantId, id } = source;
  const scans = await Promise.all(
    (['queued', 'running'] as const).map((state) => deps.jobs.list(tenantId, { kind: SCAN_KIND, state })),
  );
  const scan = scans.flat().find((job) => textOf(job.payload, 'sourceId') === id);
  const files = await deps.sources.countEntries(id);
  const running = await deps.jobs.list(tenantId, {
    kind: INGEST_KIND,
    state: 'running',
    limit: RUNNING_LIMIT,
  });
  const waiting = await deps.jobs.list(tenantId, { kind: INGEST_KIND, state: 'queued', limit: 1 });
  const done = files.indexed + files.quarantined + files.failed;
  const seen = scan?.progress['seen']?.done ?? done + files.queued;
  const sample = {
    atMs: deps.clock.monotonicMs(),
    seen,
    files: done,
    pages: files.pages,
    bytesQueued: files.bytesQueued,
  };
  samples.push(sample);
  while (samples[0]!.atMs < sample.atMs - WINDOW_MS) samples.shift();
  const { isPaused } = (await deps.sources.find(tenantId, id)) ?? source;
  const isMoving = !isPaused && (running.length > 0 || waiting.length > 0);
  const first = samples[0]!;
  return {
    state: stateFor({ isLooking: scan !== undefined && !isPaused, isMoving, queued: files.queued }),
    looking: stage(first, sample, { of: 'seen', total: scan === undefined ? seen : undefined }),
    reading: {
      ...stage(first, sample, { of: 'files', total: done + files.queued }),
      remainingSeconds: remaining(first, sample),
    },
    pages: stage(first, sample, { of: 'pages', total: undefined }),
    files,
    current: await currentOf(deps, source, running),
  };
}

function stateFor(now: { isLooking: boolean; isMoving: boolean; queued: number }): SourceState['state'] {
  if (now.isLooking) return 'looking';
  if (now.queued === 0) return 'done';
  return now.isMoving ? 'reading' : 'paused';
}

function stage(
  first: Sample,
  last: Sample,
  { of, total }: { of: 'seen' | 'files' | 'pages'; total: number | undefined },
): StageState {
  const seconds = (last.atMs - first.atMs) / 1000;
  const perSecond = seconds > 0 && last[of] > first[of] ? (last[of] - first[of]) / seconds : undefined;
  const left = total === undefined ? undefined : total - last[of];
  const remainingSeconds = left === undefined || perSecond === undefined ? undefined : left / perSecond;
  return { done: last[of], total, perSecond, remainingSeconds };
}

/** By bytes, because files differ more in size than bytes differ in what they take. */
function remaining(first: Sample, last: Sample): number | undefined {
  const seconds = (last.atMs - first.atMs) / 1000;
  const perSecond = seconds > 0 ? (first.bytesQueued - last.bytesQueued) / seconds : 0;
  return perSecond > 0 ? last.bytesQueued / perSecond : undefined;
}

async function currentOf(
  deps: Pick<DocumentDeps, 'sources'>,
  source: Source,
  running: readonly Job[],
): Promise<string[]> {
  const entries = await Promise.all(
    running.map(async ({ payload }) => {
      const id = parseId('entry', textOf(payload, 'entryId') ?? '');
      return id && deps.sources.findEntry(source.tenantId, id);
    }),
  );
  return entries.flatMap((entry) => (entry?.sourceId === source.id ? [entry.key] : []));
}
