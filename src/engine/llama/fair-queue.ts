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
const LEAST_WEIGHT = 0.01;
/** So many of its requests may a tenant that was idle be behind: what comes in a small bunch goes in a bunch. */
const CREDIT_REQUESTS = 4;

/**
 * A queue that is fair between tenants. Next is the highest priority, grown by waiting; among equals the
 * tenant that has had the fewest tokens for its weight; within a tenant the first to arrive. A tenant that was idle
 * starts level with the others, but for a few requests like the one that it comes with: idleness earns no more than that.
 * @see Goyal, Vin, Cheng: Start-time Fair Queueing, SIGCOMM 1996.
 */
export class FairQueue<Request extends QueuedRequest> {
  readonly #waiting: Request[] = [];
  /** Tokens that each tenant has had, divided by its weight. */
  readonly #served = new Map<string, number>();
  /** Requests of each tenant that were taken and are not done. */
  readonly #running = new Map<string, number>();
  /** Least that a tenant with work has had: what is fair by now. Never falls. */
  #level = 0;

  get length(): number {
    return this.#waiting.length;
  }

  add(request: Request): void {
    this.#raiseLevel();
    if (!this.#busy().has(request.tenant)) {
      const credit = (CREDIT_REQUESTS * request.tokens) / weightOf(request);
      const own = this.#served.get(request.tenant) ?? 0;
      this.#served.set(request.tenant, Math.max(own, this.#level - credit));
    }
    this.#waiting.push(request);
  }

  /** Counts tokens that a tenant was given. */
  charge(request: Pick<QueuedRequest, 'tenant' | 'weight'>, tokens: number): void {
    const had = this.#served.get(request.tenant) ?? 0;
    this.#served.set(request.tenant, had + tokens / weightOf(request));
  }

  /** Whether a tenant has had less than what is fair: it did not make the crowd that it is in. */
  isModest(tenant: string): boolean {
    return (this.#served.get(tenant) ?? 0) < this.#level;
  }

  /**
   * Takes the next request out; undefined when none waits or the next one does not fit yet.
   * @param isWanted leaves out those that it is false for, as if they were not there.
   */
  take(
    nowMs: number,
    fits: (request: Request) => boolean,
    isWanted: (request: Request) => boolean = () => true,
  ): Request | undefined {
    const [first] = this.#waiting.filter(isWanted).toSorted((a, b) => this.#compare(a, b, nowMs));
    // The next in line is waited for: letting smaller ones pass would starve the large.
    if (first === undefined || !fits(first)) return undefined;
    this.#raiseLevel();
    this.remove(first.id);
    this.#running.set(first.tenant, (this.#running.get(first.tenant) ?? 0) + 1);
    return first;
  }

  /** A request that was taken has ended. */
  done({ tenant }: Pick<QueuedRequest, 'tenant'>): void {
    this.#raiseLevel();
    const left = (this.#running.get(tenant) ?? 1) - 1;
    if (left > 0) this.#running.set(tenant, left);
    else this.#running.delete(tenant);
  }

  remove(id: string): Request | undefined {
    const index = this.#waiting.findIndex((request) => request.id === id);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Those that match, without taking them. */
  filter(isWanted: (request: Request) => boolean): Request[] {
    return this.#waiting.filter(isWanted);
  }

  #busy(): Set<string> {
    return new Set([...this.#running.keys(), ...this.#waiting.map(({ tenant }) => tenant)]);
  }

  #raiseLevel(): void {
    const had = [...this.#busy()].map((tenant) => this.#served.get(tenant) ?? 0);
    if (had.length > 0) this.#level = Math.max(this.#level, Math.min(...had));
  }

  #compare(a: Request, b: Request, nowMs: number): number {
    return (
      level(b, nowMs) - level(a, nowMs) ||
      (this.#served.get(a.tenant) ?? 0) - (this.#served.get(b.tenant) ?? 0) ||
      a.arrivedAtMs - b.arrivedAtMs
    );
  }
}

function weightOf({ weight }: Pick<QueuedRequest, 'weight'>): number {
  return Math.max(weight, LEAST_WEIGHT);
}

function level(request: QueuedRequest, nowMs: number): number {
  return request.priority + Math.floor((nowMs - request.arrivedAtMs) / AGEING_MS);
}
