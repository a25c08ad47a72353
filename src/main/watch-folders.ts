import type { Source } from '#rag/index.ts';
import { queueScan, type ScanDeps } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

/** Also without a sign of change: a network folder tells of none. */
const RESCAN_MS = 10 * 60 * 1000;

/** Begins to watch. What is watched comes in by the jobs, so they must run. */
export async function startWatch(
  parts: Parts,
  deps: ScanDeps,
  stack: AsyncDisposableStack,
): Promise<FolderWatch> {
  const watch = stack.use(new FolderWatch(parts, deps));
  await watch.start();
  return watch;
}

/** Watched folders: each is looked at again when something changes in it, and every ten minutes. */
export class FolderWatch implements Disposable {
  readonly #parts: Parts;
  readonly #deps: ScanDeps;
  readonly #watchers = new Map<string, Disposable>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: Parts, deps: ScanDeps) {
    this.#parts = parts;
    this.#deps = deps;
    this.#timer = setInterval(() => void this.#scanAll(), RESCAN_MS);
    this.#timer.unref();
  }

  /** Begins to watch what was watched before, and looks at it: it may have changed while nobody watched. */
  async start(): Promise<void> {
    for (const source of await this.#watched()) this.follow(source);
    await this.#scanAll();
  }

  /** Watches a source if it is to be watched, and no longer if it is not. */
  follow(source: Source): void {
    this.#watchers.get(source.id)?.[Symbol.dispose]();
    this.#watchers.delete(source.id);
    if (!source.isWatched || source.isPaused) return;
    try {
      const watcher = this.#deps.open(source).watch?.(() => void this.#scan([source]));
      if (watcher !== undefined) this.#watchers.set(source.id, watcher);
    } catch (error) {
      // A folder that is away for now is still looked at every ten minutes.
      this.#parts.logger.warn({ error, sourceId: source.id }, 'source.not_watched');
    }
  }

  async #watched(): Promise<Source[]> {
    const tenants = await this.#parts.documents.listTenants();
    const sources = await Promise.all(tenants.map(({ id }) => this.#parts.sources.list(id)));
    return sources.flat().filter((source) => source.isWatched && !source.isPaused);
  }

  async #scanAll(): Promise<void> {
    await this.#scan(await this.#watched());
  }

  async #scan(sources: readonly Source[]): Promise<void> {
    if (sources.length === 0) return;
    const statements = sources.map((source) => queueScan(this.#deps, source, this.#parts.system));
    try {
      await this.#parts.writer.write({ statements, audit: [] });
      this.#parts.jobs.wake();
    } catch (error) {
      this.#parts.logger.warn({ error }, 'source.scan_not_queued');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const watcher of this.#watchers.values()) watcher[Symbol.dispose]();
  }
}
