import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type ChunkRow } from '#core/index.ts';
import { analyzeChunk, type Analyzer } from './analyzed-chunk.ts';
import { buildSegment, FORMAT_VERSION, isSameKind, type IndexKind } from './build-segment.ts';
import {
  readManifest,
  segmentIdOf,
  segmentPath,
  vectorsPath,
  writeManifest,
  type Manifest,
  type ManifestSegment,
} from './manifest.ts';
import { pickMerge } from './merge-policy.ts';
import { ColdFile, cooled, headOf } from './cold-file.ts';
import { mergeInParts, type MergedPart } from './merge-parts.ts';
import { mergeSegments } from './merge-segments.ts';
import { liveCount, NO_CHANGES, settledCount } from './overlay.ts';
import { changeState, whole, type LoadedOperation, type RowChange } from './segment-changes.ts';
import { Segment } from './segment.ts';
import { digestOfFile, readColumns, readSegmentFile, syncFolder, writeSegmentFile } from './segment-file.ts';
import { Snapshots } from './snapshots.ts';
import { VectorSource } from './vector-source.ts';
import type { IndexView, SegmentState } from './view.ts';

export interface IndexWriterOptions {
  readonly analyzer: Analyzer;
  readonly kind: IndexKind;
  /** Where segments are kept; undefined keeps them in memory only. */
  readonly folder: string | undefined;
  /** Makes names for segments: unique for ever, as files are pinned by snapshots. */
  readonly newSegmentId: () => string;
  readonly monotonicMs: () => number;
  /** Called between steps of a merge. */
  readonly giveWay?: () => void;
  /** Wall time: what is over by then is history. */
  readonly nowMs: () => number;
  /** Smaller segments stay in memory: after a crash they are made anew from the database. 4096 if left out. */
  readonly minRowsOnDisk?: number;
}

const MIN_ROWS_ON_DISK = 4096;
/** A file stays so long after its last use: a searcher that is busy may not have opened it yet. */
const GRACE_MS = 60_000;

interface Merge {
  /** Ids of what it makes. */
  readonly ids: Set<string>;
  readonly inputs: IndexView;
  readonly steps: Generator<void, readonly MergedPart[]>;
  /** Changes that came while it ran: made on its result too. */
  readonly meanwhile: RowChange[];
}

/**
 * The index as its one writer has it: small segments as chunks come, merged tier by tier, large ones on disk. Every
 * change makes a new view; searches keep the one that they began with.
 */
export class IndexWriter {
  readonly #options: IndexWriterOptions;
  readonly #onDisk = new Map<string, Pick<ManifestSegment, 'digest' | 'vectorsDigest'>>();
  readonly #unneededSinceMs = new Map<string, number>();
  #view: IndexView = [];
  #highestRow = 0;
  #merge: Merge | undefined;

  constructor(options: IndexWriterOptions) {
    this.#options = options;
  }

  get view(): IndexView {
    return this.#view;
  }

  /** Opens what is on disk. What is missing, damaged or of another kind is left out; the caller makes it anew. */
  async load(): Promise<void> {
    const { folder, kind } = this.#options;
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const manifest = await readManifest(join(folder, 'manifest.json'));
    if (manifest !== undefined && isSameKind(manifest.kind, kind)) {
      this.#view = manifest.segments.flatMap((segment) => this.#open(folder, segment) ?? []);
      for (const { segment } of this.#view) this.#noteRows(segment);
    }
    await this.#sweep(folder, 0);
  }

  #open(folder: string, entry: ManifestSegment): SegmentState | undefined {
    try {
      const path = segmentPath(folder, entry.id);
      const { header, bytes } = entry.isCold ? readColumns(path, headOf) : readSegmentFile(path);
      if (header.formatVersion !== FORMAT_VERSION || header.rowCount !== entry.rowCount) return undefined;
      const { dimensions } = header;
      const place = { type: 'file', path: vectorsPath(folder, entry.id) } as const;
      const vectors = dimensions === 0 ? undefined : new VectorSource(place, dimensions);
      this.#onDisk.set(entry.id, { digest: entry.digest, vectorsDigest: entry.vectorsDigest });
      const cold = entry.isCold ? new ColdFile(path) : undefined;
      return { segment: new Segment(entry.id, header, bytes, { vectors, cold }), overlay: entry.overlay };
    } catch {
      // Derived data: rows that cannot be read are found missing and come from the database again.
      return undefined;
    }
  }

  #noteRows({ rows, rowOrder }: Segment): void {
    this.#highestRow = Math.max(this.#highestRow, rows[rowOrder.at(-1) ?? 0] ?? 0);
  }

  /** Makes changes, in order. */
  apply(operations: readonly LoadedOperation[]): void {
    for (const operation of operations) {
      if (operation.type === 'add') this.#add(operation);
      else this.#change(operation);
    }
  }

  #add({ chunks }: Extract<LoadedOperation, { type: 'add' }>): void {
    if (chunks.length === 0) return;
    const known = chunks.filter(({ row }) => row <= this.#highestRow).map(({ row }) => row);
    if (known.length > 0) this.#change({ type: 'remove', rows: known });
    const { analyzer, kind, newSegmentId } = this.#options;
    // The last of several with one row counts.
    const latest = new Map(chunks.map((chunk) => [chunk.row, chunk]));
    const analyzed = [...latest.values()].map((chunk) => analyzeChunk(analyzer, chunk));
    const segment = buildSegment(newSegmentId(), kind, analyzed);
    this.#noteRows(segment);
    this.#view = [...this.#view, { segment, overlay: NO_CHANGES }];
  }

  #change(change: RowChange): void {
    this.#view = this.#view.map((state) => changeState(state, change));
    this.#merge?.meanwhile.push(change);
  }

  /**
   * Merges for about `budgetMs`. A merge goes on from one call to the next.
   * @returns whether there is more to do.
   */
  async maintain(budgetMs: number): Promise<boolean> {
    const { monotonicMs } = this.#options;
    const endMs = monotonicMs() + budgetMs;
    do {
      this.#merge ??= this.#startMerge();
      if (this.#merge === undefined) return false;
      await this.#step(this.#merge);
    } while (monotonicMs() < endMs);
    return true;
  }

  async #step(merge: Merge): Promise<void> {
    try {
      this.#options.giveWay?.();
      const { done, value } = merge.steps.next();
      if (done === true) await this.#finishMerge(merge, value);
    } catch (error) {
      // What it was made of is still there: another one begins anew.
      this.#merge = undefined;
      throw error;
    }
  }

  #startMerge(): Merge | undefined {
    const sizes = this.#view.map(({ segment, overlay }) => ({
      rowCount: segment.rowCount,
      settledCount: settledCount(segment, overlay),
      isCold: segment.cold !== undefined,
    }));
    const inputs = pickMerge(sizes).map((place) => this.#view[place]!);
    if (inputs.length === 0) return undefined;
    const { folder, nowMs } = this.#options;
    const ids = new Set<string>();
    const steps = mergeInParts(whole(inputs), {
      nowMs: nowMs(),
      // What is in memory only has no file to be read from again.
      leastHistoryRows: folder === undefined ? Infinity : this.#minRowsOnDisk,
      target: (rows) => {
        const target = this.#target(rows);
        ids.add(target.id);
        return target;
      },
    });
    return { ids, inputs, steps, meanwhile: [] };
  }

  get #minRowsOnDisk(): number {
    return this.#options.minRowsOnDisk ?? MIN_ROWS_ON_DISK;
  }

  #target(rows: number) {
    const { folder, kind, newSegmentId } = this.#options;
    const id = newSegmentId();
    const isKept = folder !== undefined && rows >= this.#minRowsOnDisk;
    const vectors = isKept
      ? ({ type: 'file', path: vectorsPath(folder, id) } as const)
      : ({ type: 'memory' } as const);
    return { id, kind, vectors };
  }

  async #finishMerge(merge: Merge, parts: readonly MergedPart[]): Promise<void> {
    const made: Segment[] = [];
    for (const part of parts) made.push(await this.#settle(part));
    // From here to the end nothing waits, so that no change falls between.
    this.#merge = undefined;
    this.#replace(merge.inputs, made, merge.meanwhile);
    if (made.some(({ id }) => this.#onDisk.has(id))) await this.#writeManifest();
  }

  /** A merged segment as it goes into the view: written if it is large, and then cold if it is history. */
  async #settle({ segment, isHistory }: MergedPart): Promise<Segment> {
    const { folder } = this.#options;
    if (segment.vectors?.place.type !== 'file' && segment.rowCount < this.#minRowsOnDisk) return segment;
    await this.#keep(segment);
    const isCold = isHistory && folder !== undefined && this.#onDisk.has(segment.id);
    return isCold ? cooled(segment, segmentPath(folder, segment.id)) : segment;
  }

  #replace(inputs: IndexView, made: readonly Segment[], meanwhile: readonly RowChange[]): void {
    const gone = new Set(inputs.map((input) => input.segment.id));
    const kept = this.#view.filter((state) => !gone.has(state.segment.id));
    const merged = made
      .filter(({ rowCount }) => rowCount > 0)
      .map((segment) => meanwhile.reduce<SegmentState>(changeState, { segment, overlay: NO_CHANGES }));
    this.#view = [...kept, ...merged];
  }

  async #keep(segment: Segment): Promise<void> {
    const { folder } = this.#options;
    if (folder === undefined || segment.rowCount === 0) return;
    const digest = await writeSegmentFile(segmentPath(folder, segment.id), segment);
    const isFile = segment.vectors?.place.type === 'file';
    const vectorsDigest = isFile ? await digestOfFile(vectorsPath(folder, segment.id)) : undefined;
    await syncFolder(folder);
    this.#onDisk.set(segment.id, { digest, vectorsDigest });
  }

  /**
   * Takes rows out and makes every segment anew that holds a removed row, so that no byte of one is left in what comes
   * from now on. The files before go with `sweepNow`. Snapshots that hold one of them are gone; when it is not known
   * which rows were removed (none are given), those of which it cannot be ruled out.
   */
  async purge(rows: readonly ChunkRow[]): Promise<void> {
    this.#change({ type: 'remove', rows });
    // A merge that is under way reads the segments as they were.
    this.#merge = undefined;
    const worn = this.#view.filter(
      (state) => liveCount(state.segment, state.overlay) < state.segment.rowCount,
    );
    for (const state of worn) {
      const target = this.#target(liveCount(state.segment, state.overlay));
      const segment = mergeSegments(whole([state]), target);
      this.#replace(
        [state],
        [await this.#settle({ segment, isHistory: state.segment.cold !== undefined })],
        [],
      );
    }
    const { folder } = this.#options;
    if (folder === undefined) return;
    const wornIds = new Set(worn.map(({ segment }) => segment.id));
    const current = new Set(this.#view.map(({ segment }) => segment.id));
    await new Snapshots(folder).drop((entry) => {
      if (wornIds.has(entry.id) || current.has(entry.id)) return wornIds.has(entry.id);
      const state = rows.length === 0 ? undefined : this.#open(folder, entry);
      return state === undefined || rows.some((row) => state.segment.find(row) >= 0);
    });
    await this.#writeManifest();
  }

  /** Removes every file that is not needed now. Searchers must have opened what they need. */
  async sweepNow(): Promise<void> {
    const { folder } = this.#options;
    if (folder !== undefined) await this.#sweep(folder, 0);
  }

  /** Writes everything that is in memory only, as one segment, and the manifest. */
  async flush(): Promise<void> {
    const { folder, kind, newSegmentId } = this.#options;
    if (folder === undefined) return;
    const young = this.#view.filter(({ segment }) => !this.#onDisk.has(segment.id));
    if (young.length > 0) {
      // A merge that is under way works on some of these: its result would hold rows twice.
      this.#merge = undefined;
      const id = newSegmentId();
      const segment = mergeSegments(young, {
        id,
        kind,
        vectors: { type: 'file', path: vectorsPath(folder, id) },
      });
      this.#replace(young, [segment], []);
      await this.#keep(segment);
    }
    await this.#writeManifest();
  }

  async #writeManifest(): Promise<void> {
    const { folder } = this.#options;
    if (folder === undefined) return;
    await writeManifest(join(folder, 'manifest.json'), this.#manifest('live'));
    await this.#sweep(folder, GRACE_MS);
  }

  /** What is on disk now, with today's changes. */
  #manifest(label: string): Manifest {
    const segments = this.#view.flatMap(({ segment, overlay }) => {
      const kept = this.#onDisk.get(segment.id);
      return kept === undefined
        ? []
        : [
            {
              id: segment.id,
              rowCount: segment.rowCount,
              isCold: segment.cold !== undefined,
              ...kept,
              overlay,
            },
          ];
    });
    return { label, kind: this.#options.kind, segments };
  }

  /** Removes files that neither the live index nor a snapshot has needed for `graceMs`. */
  async #sweep(folder: string, graceMs: number): Promise<void> {
    const nowMs = this.#options.monotonicMs();
    const needed = new Set(await new Snapshots(folder).pinned());
    for (const { segment } of this.#view) needed.add(segment.id);
    for (const id of this.#merge?.ids ?? []) needed.add(id);
    for (const file of await readdir(folder)) {
      const id = segmentIdOf(file);
      if (id === undefined || needed.has(id)) continue;
      const sinceMs = this.#unneededSinceMs.get(id) ?? nowMs;
      this.#unneededSinceMs.set(id, sinceMs);
      if (nowMs - sinceMs >= graceMs) await rm(join(folder, file), { force: true });
    }
  }

  /**
   * Keeps the index as it is now, for ever. Everything goes to disk first, so that the snapshot is its manifest.
   * @throws {AppError} `storage.damaged` when the index is kept in memory only.
   */
  async snapshot(label: string): Promise<{ readonly id: string; readonly extraBytes: number }> {
    const { folder } = this.#options;
    if (folder === undefined) throw new AppError('storage.damaged', 'An index in memory has no snapshots.');
    await this.flush();
    return new Snapshots(folder).create(this.#manifest(label));
  }

  /**
   * The view of a snapshot, every byte of it checked.
   * @throws {AppError} `storage.damaged` when it is not there, not whole, or made with another analyser or model.
   */
  async openSnapshot(id: string): Promise<IndexView> {
    const { folder, kind } = this.#options;
    if (folder === undefined) throw new AppError('storage.damaged', 'An index in memory has no snapshots.');
    const manifest = await new Snapshots(folder).read(id);
    if (!isSameKind(manifest.kind, kind)) {
      throw new AppError(
        'storage.damaged',
        'The snapshot was made with another analyser or embedding model.',
      );
    }
    const live = new Map(this.#view.map(({ segment }) => [segment.id, segment]));
    return manifest.segments.map((entry) => {
      const segment = live.get(entry.id);
      const state = segment === undefined ? this.#open(folder, entry) : { segment, overlay: entry.overlay };
      if (state === undefined)
        throw new AppError('storage.damaged', 'A segment of the snapshot cannot be read.');
      return state;
    });
  }
}
