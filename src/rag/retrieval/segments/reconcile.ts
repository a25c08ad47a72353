import type { IndexedChunk } from '#contracts/index.ts';
import type { AclSetId, ChunkRow } from '#core/index.ts';
import type { IndexWriter } from './index-writer.ts';
import type { LoadedOperation } from './segment-changes.ts';
import { isAlive, movedAt } from './overlay.ts';
import type { IndexView, SegmentState } from './view.ts';

/** What the database says of a chunk beside its text, which never changes. */
export interface ChunkState extends Pick<IndexedChunk, 'row' | 'aclSet' | 'validToMs' | 'recordedToMs'> {
  /** Whether the chunk comes with a vector; one that the index took without it is taken again. */
  readonly hasVector?: boolean;
}

/** The database as the index reads it. */
export interface IndexSource {
  /** Chunks that belong into the index, by ascending row, after `row`; an empty page is the end. */
  listStates(row: number): Promise<readonly ChunkState[]>;
  /** The chunks of these rows. */
  listChunks(rows: readonly ChunkRow[]): Promise<readonly IndexedChunk[]>;
}

/** What it took to agree with the database. */
export interface Reconciled {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

const ROWS_PER_BATCH = 256;

/**
 * Makes the index hold exactly what the database says: adds what is missing, moves what changed, removes what is gone.
 * From nothing it is the first build; after a crash it does what was lost; broken off, it goes on where segments on
 * disk end.
 * @param pause called between batches, so that the thread can merge and publish.
 */
export async function reconcile(
  writer: IndexWriter,
  source: IndexSource,
  pause: () => Promise<void>,
): Promise<Reconciled> {
  const walk = new Walk(writer.view);
  const counts = { added: 0, changed: 0, removed: 0 };
  const changes = new Changes();
  const missing: ChunkRow[] = [];
  for (let after = 0; ;) {
    const page = await source.listStates(after);
    for (const state of page) {
      const known = walk.find(state.row);
      if (known === undefined || (state.hasVector === true && isBare(known))) missing.push(state.row);
      else changes.note(known, state);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.row;
  }
  counts.changed = changes.rowCount;
  const gone = walk.unseen();
  counts.removed = gone.length;
  writer.apply([...changes.operations(), { type: 'remove', rows: gone }]);
  for (let at = 0; at < missing.length; at += ROWS_PER_BATCH) {
    const chunks = await source.listChunks(missing.slice(at, at + ROWS_PER_BATCH));
    writer.apply([{ type: 'add', chunks }]);
    counts.added += chunks.length;
    await pause();
  }
  return counts;
}

interface Known {
  readonly state: SegmentState;
  readonly local: number;
}

/** Whether the index took the row without a vector. */
const isBare = ({ state: { segment }, local }: Known): boolean =>
  segment.header.dimensions > 0 && segment.bytes.f32('scales')[local] === 0;

/** Goes through the rows of all segments in ascending order, as the database's pages come. */
class Walk {
  readonly #view: IndexView;
  readonly #positions: number[];
  readonly #seen: readonly Uint8Array[];

  constructor(view: IndexView) {
    this.#view = view;
    this.#positions = view.map(() => 0);
    this.#seen = view.map(({ segment }) => new Uint8Array(segment.rowCount));
  }

  /** Where a row is alive. Rows must come in ascending order. */
  find(row: ChunkRow): Known | undefined {
    let found: Known | undefined;
    for (const [index, state] of this.#view.entries()) {
      const { rows, rowOrder } = state.segment;
      let position = this.#positions[index]!;
      while (position < rowOrder.length && rows[rowOrder[position]!]! < row) position += 1;
      this.#positions[index] = position;
      const local = rowOrder[position];
      if (local === undefined || rows[local] !== row || !isAlive(state.overlay, local)) continue;
      this.#seen[index]![local] = 1;
      found = { state, local };
    }
    return found;
  }

  /** Rows that are alive in the index and that nobody asked for. */
  unseen(): ChunkRow[] {
    return this.#view.flatMap(({ segment, overlay }, index) => {
      const seen = this.#seen[index]!;
      return [...segment.chunkRows()].filter((_, local) => seen[local] === 0 && isAlive(overlay, local));
    });
  }
}

/** Rows that hold other values than the database says, together with all that shall hold the same. */
class Changes {
  readonly #reassigned = new Map<AclSetId, ChunkRow[]>();
  readonly #closed = new Map<string, { state: ChunkState; rows: ChunkRow[] }>();
  rowCount = 0;

  note({ state, local }: Known, wanted: ChunkState): void {
    const now = valuesOf(state, local);
    const isMoved = now.aclSet !== wanted.aclSet;
    const isEnded = now.validToMs !== wanted.validToMs || now.recordedToMs !== wanted.recordedToMs;
    if (isMoved || isEnded) this.rowCount += 1;
    if (isMoved) {
      const rows = this.#reassigned.get(wanted.aclSet) ?? [];
      this.#reassigned.set(wanted.aclSet, rows);
      rows.push(wanted.row);
    }
    if (!isEnded) return;
    const key = `${wanted.validToMs} ${wanted.recordedToMs}`;
    const ended = this.#closed.get(key) ?? { state: wanted, rows: [] };
    this.#closed.set(key, ended);
    ended.rows.push(wanted.row);
  }

  operations(): LoadedOperation[] {
    return [
      ...[...this.#reassigned].map(([aclSet, rows]) => ({ type: 'reassign' as const, rows, aclSet })),
      ...[...this.#closed.values()].map(({ state: { validToMs, recordedToMs }, rows }) => ({
        type: 'close' as const,
        rows,
        validToMs,
        recordedToMs,
      })),
    ];
  }
}

function valuesOf({ segment, overlay }: SegmentState, local: number) {
  const moved = movedAt(overlay, local);
  if (moved !== undefined) return moved;
  const group = segment.groupOf(local);
  const { aclSets, times } = segment.groups;
  return { aclSet: aclSets[group]!, validToMs: times[group * 4 + 1]!, recordedToMs: times[group * 4 + 3]! };
}
