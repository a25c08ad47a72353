/** Something that waits for the engine. */
export interface QueuedRequest {
  readonly id: string;
  /** Whose share it counts against. */
  readonly tenant: string;
  /** Share of the tenant, relative to others; 1 is ordinary. */
  readonly weight: number;
  /** 0 background, 1 ordinary, 2 interactive. */
  readonly priority: number;
  /** Tokens that it may take in all: prompt and answer. */
  readonly tokens: number;
  readonly arrivedAtMs: number;
}

/** One level of priority is gained for each of these waited, so that nothing waits for ever. */
const AGEING_MS = 15_000;

/**
 * A bounded queue that is fair between tenants. Next is the highest priority, grown by waiting; among equals the
 * tenant that has had the fewest tokens for its weight; within a tenant the first to arrive. A tenant that was idle
 * starts level with the others: idleness earns no credit.
 * @see Goyal, Vin, Cheng: Start-time Fair Queueing, SIGCOMM 1996.
 */
export class FairQueue<Request extends QueuedRequest> {
  readonly #limit: number;
  readonly #waiting: Request[] = [];
  /** Tokens that each tenant has had, divided by its weight. */
  readonly #served = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#limit;
  }

  /** Who has how many requests waiting. */
  get tenants(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { tenant } of this.#waiting) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    return counts;
  }

  /** False when the queue is full. `active` tenants are those with work in progress. */
  add(request: Request, active: Iterable<string>): boolean {
    if (this.isFull) return false;
    const busy = [...active, ...this.#waiting.map(({ tenant }) => tenant)];
    if (!busy.includes(request.tenant)) {
      const level = Math.min(Infinity, ...busy.map((tenant) => this.#served.get(tenant) ?? 0));
      const own = this.#served.get(request.tenant) ?? 0;
      this.#served.set(request.tenant, Number.isFinite(level) ? Math.max(own, level) : own);
    }
    this.#waiting.push(request);
    return true;
  }

  /** Counts tokens that a tenant was given. */
  charge(request: Pick<QueuedRequest, 'tenant' | 'weight'>, tokens: number): void {
    const weight = Math.max(request.weight, 0.01);
    this.#served.set(request.tenant, (this.#served.get(request.tenant) ?? 0) + tokens / weight);
  }

  /** Takes the next request out; undefined when none waits or the next one does not fit yet. */
  take(nowMs: number, fits: (request: Request) => boolean): Request | undefined {
    const [first] = this.#waiting.toSorted((a, b) => this.#compare(a, b, nowMs));
    // The next in line is waited for: letting smaller ones pass would starve the large.
    if (first === undefined || !fits(first)) return undefined;
    this.remove(first.id);
    return first;
  }

  remove(id: string): Request | undefined {
    const index = this.#waiting.findIndex((request) => request.id === id);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Those that match, without taking them. */
  filter(isWanted: (request: Request) => boolean): Request[] {
    return this.#waiting.filter(isWanted);
  }

  #compare(a: Request, b: Request, nowMs: number): number {
    return (
      level(b, nowMs) - level(a, nowMs) ||
      (this.#served.get(a.tenant) ?? 0) - (this.#served.get(b.tenant) ?? 0) ||
      a.arrivedAtMs - b.arrivedAtMs
    );
  }
}

function level(request: QueuedRequest, nowMs: number): number {
  return request.priority + Math.floor((nowMs - request.arrivedAtMs) / AGEING_MS);
}
