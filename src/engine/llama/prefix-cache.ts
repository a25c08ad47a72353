import type { ModelRuntime } from './model-runtime.ts';
import { RadixTree } from './radix-tree.ts';

/**
 * Whether a stream is one of the usual ones, or one besides. Where sequences have caches of their own, each kind keeps
 * to its own, so that the usual ones lie side by side.
 */
export type Lane = 'usual' | 'spare';

/** A sequence given to a stream; its first `cachedTokens` tokens need no prefill. */
export interface Lease {
  readonly sequence: number;
  readonly cachedTokens: number;
}

interface Entry {
  readonly key: string;
  readonly salt: string;
  readonly tokens: readonly number[];
  /** Where its cells are; undefined once it lies in `data`. */
  sequence: number | undefined;
  data: Uint8Array | undefined;
  isRunning: boolean;
  lastUse: number;
}

export interface PrefixCacheSettings {
  readonly sequences: number;
  /** Whether sequences share cells: a copy is then free, and otherwise a copy of bytes. */
  readonly isUnified: boolean;
  /** Sequences, those with the highest numbers, that only streams besides the usual ones are given. */
  readonly spareStreams: number;
  /** Bytes of evicted sequences that are kept in memory. */
  readonly spillBytes: number;
}

export interface PrefixCacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly cachedSequences: number;
  readonly spilledBytes: number;
}

type Cells = Pick<
  ModelRuntime,
  'copySequence' | 'trimSequence' | 'saveSequence' | 'restoreSequence' | 'facts'
>;

/** Shorter beginnings are not worth a copy. */
const LEAST_HIT_TOKENS = 8;
/** Shorter sequences are computed again faster than they are saved and found. */
const LEAST_SPILL_TOKENS = 64;
/** A finished sequence is gone on with where it lies when no more than this of its end is lost. */
const LOST_TOKENS = 64;

/**
 * Who holds which sequence of the cache, and what of it can be used again. Finished sequences stay until their
 * place is needed; the least recently used goes first, to memory if it is long enough. A hit copies cells between
 * sequences. Entries are only ever found under the salt they were made with: one tenant cannot learn from timing
 * what another has asked.
 */
export class PrefixCache {
  readonly #cells: Cells;
  readonly #settings: PrefixCacheSettings;
  readonly #free: number[];
  readonly #entries = new Map<string, Entry>();
  readonly #trees = new Map<string, RadixTree>();
  #clock = 0;
  #nextKey = 0;
  #spilledBytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(cells: Cells, settings: PrefixCacheSettings) {
    this.#cells = cells;
    this.#settings = settings;
    this.#free = Array.from({ length: settings.sequences }, (_, index) => settings.sequences - 1 - index);
  }

  get stats(): PrefixCacheStats {
    return {
      hits: this.#hits,
      misses: this.#misses,
      cachedSequences: [...this.#entries.values()].filter((entry) => !entry.isRunning).length,
      spilledBytes: this.#spilledBytes,
    };
  }

  /** Tokens of finished sequences that lie in cells. */
  get heldTokens(): number {
    const kept = [...this.#entries.values()].filter(
      ({ isRunning, sequence }) => !isRunning && sequence !== undefined,
    );
    return kept.reduce((sum, { tokens }) => sum + tokens.length, 0);
  }

  /** A sequence for a prompt; undefined when every one is running. The last token is always computed anew. */
  acquire(salt: string, tokens: readonly number[], lane: Lane = 'usual'): Lease | undefined {
    const match = this.#find(salt, tokens.slice(0, -1));
    const lease = match === undefined ? undefined : this.#lease(match.entry, match.length, lane);
    if (lease !== undefined) {
      this.#hits += 1;
      return lease;
    }
    const sequence = this.#takeFree(undefined, lane);
    if (sequence === undefined) return undefined;
    this.#misses += 1;
    this.#cells.trimSequence(sequence, 0);
    return { sequence, cachedTokens: 0 };
  }

  /** Lets others use the beginning of a stream that still runs. */
  publish(sequence: number, salt: string, tokens: readonly number[]): void {
    if (!this.#cells.facts.canShareCells) return;
    this.#insert({ salt, tokens, sequence, isRunning: true });
  }

  /** Takes a stream's sequence back. `tokens` are those in its cells. */
  release(sequence: number, salt: string, tokens: readonly number[]): void {
    this.#forgetRunning(sequence);
    const isKept = this.#cells.facts.canShareCells && tokens.length >= LEAST_HIT_TOKENS;
    if (!isKept) {
      this.#cells.trimSequence(sequence, 0);
      this.#free.push(sequence);
      return;
    }
    this.#dropCovered(salt, tokens);
    this.#insert({ salt, tokens, sequence, isRunning: false });
  }

  /** Makes room in the cache; false when nothing is left that could go. */
  evict(): boolean {
    const sequence = this.#evictOldest(undefined, () => true);
    if (sequence === undefined) return false;
    this.#free.push(sequence);
    return true;
  }

  #find(salt: string, tokens: readonly number[]): { entry: Entry; length: number } | undefined {
    const found = this.#trees.get(salt)?.longestPrefix(tokens);
    if (found === undefined || found.length < LEAST_HIT_TOKENS) return undefined;
    const entries = [...found.keys].flatMap((key) => this.#entries.get(key) ?? []);
    // Cells that are there cost nothing to copy; saved ones must be read back.
    const [entry] = entries.toSorted(
      (a, b) => Number(b.sequence !== undefined) - Number(a.sequence !== undefined) || b.lastUse - a.lastUse,
    );
    return entry && { entry, length: found.length };
  }

  #lease(entry: Entry, length: number, lane: Lane): Lease | undefined {
    entry.lastUse = ++this.#clock;
    const isInLane = entry.sequence !== undefined && this.#isOf(lane, entry.sequence);
    const isContinued = isInLane && this.#isContinued(entry, length);
    const sequence = isContinued ? undefined : this.#takeFree(entry, lane);
    if (sequence === undefined) {
      if (entry.isRunning || entry.sequence === undefined || !isInLane) return undefined;
      // No other place is left: the stream goes on where the finished one ended.
      const taken = entry.sequence;
      this.#forget(entry);
      this.#cells.trimSequence(taken, length);
      return { sequence: taken, cachedTokens: length };
    }
    this.#cells.trimSequence(sequence, 0);
    if (entry.sequence !== undefined) {
      this.#cells.copySequence(entry.sequence, sequence, length);
      return { sequence, cachedTokens: length };
    }
    if (entry.data !== undefined && this.#restore(sequence, entry, entry.data)) {
      this.#cells.trimSequence(sequence, length);
      return { sequence, cachedTokens: length };
    }
    this.#forget(entry);
    this.#free.push(sequence);
    return undefined;
  }

  /** Whether a stream goes on in the very sequence that a finished one left: no byte is copied then. */
  #isContinued(entry: Entry, length: number): boolean {
    const isFinished = !entry.isRunning && entry.sequence !== undefined;
    return !this.#settings.isUnified && isFinished && entry.tokens.length - length <= LOST_TOKENS;
  }

  /** Reads a saved sequence back; others make room for it if they must. */
  #restore(sequence: number, entry: Entry, data: Uint8Array): boolean {
    while (!this.#cells.restoreSequence(sequence, data)) {
      const freed = this.#evictOldest(entry, () => true);
      if (freed === undefined) return false;
      this.#free.push(freed);
    }
    return true;
  }

  #takeFree(spared: Entry | undefined, lane: Lane): number | undefined {
    const isAllowed = (sequence: number) => this.#isOf(lane, sequence);
    return this.#takeLowest(isAllowed) ?? this.#evictOldest(spared, isAllowed);
  }

  #isOf(lane: Lane, sequence: number): boolean {
    const { isUnified, sequences, spareStreams } = this.#settings;
    return isUnified || (lane === 'spare') === sequence >= sequences - spareStreams;
  }

  /** The free sequence with the lowest number: steps are cheapest when those that run lie side by side. */
  #takeLowest(isAllowed: (sequence: number) => boolean): number | undefined {
    const allowed = this.#free.filter(isAllowed);
    if (allowed.length === 0) return undefined;
    const lowest = Math.min(...allowed);
    this.#free.splice(this.#free.indexOf(lowest), 1);
    return lowest;
  }

  #evictOldest(spared: Entry | undefined, isAllowed: (sequence: number) => boolean): number | undefined {
    const [oldest] = [...this.#entries.values()]
      .filter((entry) => !entry.isRunning && entry !== spared)
      .filter(({ sequence }) => sequence !== undefined && isAllowed(sequence))
      .toSorted((a, b) => a.lastUse - b.lastUse);
    const sequence = oldest?.sequence;
    if (oldest === undefined || sequence === undefined) return undefined;
    if (oldest.tokens.length >= LEAST_SPILL_TOKENS && this.#settings.spillBytes > 0)
      this.#spill(oldest, sequence);
    else this.#forget(oldest);
    this.#cells.trimSequence(sequence, 0);
    return sequence;
  }

  #spill(entry: Entry, sequence: number): void {
    const data = this.#cells.saveSequence(sequence);
    entry.sequence = undefined;
    if (data.length === 0 || data.length > this.#settings.spillBytes) {
      this.#forget(entry);
      return;
    }
    entry.data = data;
    this.#spilledBytes += data.length;
    const spilled = [...this.#entries.values()]
      .filter((each) => each.data !== undefined && each !== entry)
      .toSorted((a, b) => a.lastUse - b.lastUse);
    for (const each of spilled) {
      if (this.#spilledBytes <= this.#settings.spillBytes) return;
      this.#forget(each);
    }
  }

  /** A finished sequence that a longer one contains has nothing more to offer. */
  #dropCovered(salt: string, tokens: readonly number[]): void {
    const keys = this.#trees.get(salt)?.longestPrefix(tokens).keys ?? [];
    const onTheWay = [...keys, ...this.#keysAlong(salt, tokens)].flatMap(
      (key) => this.#entries.get(key) ?? [],
    );
    for (const entry of onTheWay) {
      const isCovered =
        entry.tokens.length <= tokens.length && entry.tokens.every((token, at) => token === tokens[at]);
      if (entry.isRunning || !isCovered || !this.#entries.has(entry.key)) continue;
      if (entry.sequence !== undefined) {
        this.#cells.trimSequence(entry.sequence, 0);
        this.#free.push(entry.sequence);
      }
      this.#forget(entry);
    }
  }

  /** Entries of a salt that are no longer than these tokens and begin like them. */
  #keysAlong(salt: string, tokens: readonly number[]): string[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.salt === salt && entry.tokens[0] === tokens[0])
      .map(({ key }) => key);
  }

  #insert(entry: Pick<Entry, 'salt' | 'tokens' | 'sequence' | 'isRunning'>): void {
    const key = String(this.#nextKey++);
    this.#entries.set(key, { ...entry, key, data: undefined, lastUse: ++this.#clock });
    const tree = this.#trees.get(entry.salt) ?? new RadixTree();
    this.#trees.set(entry.salt, tree);
    tree.insert(entry.tokens, key);
  }

  #forgetRunning(sequence: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.isRunning && entry.sequence === sequence) this.#forget(entry);
    }
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#spilledBytes -= entry.data?.length ?? 0;
    entry.data = undefined;
    this.#trees.get(entry.salt)?.remove(entry.tokens, entry.key);
    const isLast = ![...this.#entries.values()].some(({ salt }) => salt === entry.salt);
    if (isLast) this.#trees.delete(entry.salt);
  }
}
