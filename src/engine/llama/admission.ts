/** What waits and runs, as far as it concerns a request that asks to be let in. */
export interface Crowd {
  readonly tenant: string;
  readonly streams: number;
  readonly running: number;
  /** Requests of everybody that wait. */
  readonly queued: number;
  /** Requests of the same tenant that wait. */
  readonly ownQueued: number;
  /** Tenants that have something waiting, the asking one not counted unless it has. */
  readonly tenantsQueued: number;
}

/** Memory of the rates: what was asked and what was ended fades with this, or with so many answers where they take long. */
const FADE_MS = 2_000;
const FADE_RUNS = 4;
/** Fewer ends than this, faded, say nothing about a rate. */
const LEAST_ENDS = 4;
/** From this on more is asked than can be served; below, everybody who asks waits for an answer before asking again. */
const OVERLOAD_RATIO = 1.3;
/** What may wait in an overload, in parts of what an answer takes: enough that no stream stands idle. */
const OVERLOAD_WAIT_RATIO = 0.25;
const LEAST_TURNS = 1.5;
const NEW_WEIGHT = 0.1;
/** A tenant of whom so little is left is not there any more. */
const FORGOTTEN = 0.05;

/**
 * Decides who may wait. As long as no more is asked than can be served, a request may wait up to `maxWaitMs`. When more
 * is asked, a long queue would only make everybody late: then a request is refused at once unless its turn comes within
 * a part of what an answer takes. Turns are counted per tenant, because the queue serves them in turn: the greedy are
 * refused, the modest are let in.
 * @see Maurer: Fail at Scale, ACM Queue 13(8), 2015, for the limit on standing queues.
 */
export class Admission {
  readonly #maxWaitMs: number;
  readonly #asked = new FadingCount();
  readonly #ended = new FadingCount();
  readonly #askedBy = new Map<string, FadingCount>();
  #runMs: number | undefined;

  constructor(maxWaitMs: number) {
    this.#maxWaitMs = maxWaitMs;
  }

  /** Counts a request that asks, whatever becomes of it, and says how long it would wait and whether it may. */
  judge(crowd: Crowd, nowMs: number): { readonly isAdmitted: boolean; readonly waitMs: number } {
    this.#asked.add(nowMs, this.#fadeMs);
    this.#countAsker(crowd.tenant, nowMs);
    const free = Math.max(0, crowd.streams - crowd.running);
    const before = Math.min(crowd.queued, crowd.ownQueued * Math.max(1, crowd.tenantsQueued));
    const turns = Math.max(0, before + 1 - free);
    const waitMs = (turns * (this.#runMs ?? 0)) / crowd.streams;
    return { isAdmitted: waitMs <= this.#limitMs(crowd, nowMs), waitMs: Math.round(waitMs) };
  }

  /** Learns from an answer that ended by itself, from its start to its last token. */
  ended(runMs: number, nowMs: number): void {
    this.#ended.add(nowMs, this.#fadeMs);
    this.#runMs = this.#runMs === undefined ? runMs : this.#runMs * (1 - NEW_WEIGHT) + runMs * NEW_WEIGHT;
  }

  get #fadeMs(): number {
    return Math.max(FADE_MS, FADE_RUNS * (this.#runMs ?? 0));
  }

  #countAsker(tenant: string, nowMs: number): void {
    const count = this.#askedBy.get(tenant) ?? new FadingCount();
    this.#askedBy.set(tenant, count);
    count.add(nowMs, this.#fadeMs);
    for (const [name, each] of this.#askedBy)
      if (each.at(nowMs, this.#fadeMs) < FORGOTTEN) this.#askedBy.delete(name);
  }

  #limitMs({ streams, tenant }: Crowd, nowMs: number): number {
    const ended = this.#ended.at(nowMs, this.#fadeMs);
    const isOverload =
      ended >= LEAST_ENDS && this.#asked.at(nowMs, this.#fadeMs) > ended * OVERLOAD_RATIO + streams;
    // Who asks for no more than an equal part did not make the crowd.
    const isModest =
      (this.#askedBy.get(tenant)?.at(nowMs, this.#fadeMs) ?? 0) <= ended / this.#askedBy.size + 1;
    if (!isOverload || isModest) return this.#maxWaitMs;
    const share = Math.max(OVERLOAD_WAIT_RATIO, LEAST_TURNS / streams);
    return Math.min(this.#maxWaitMs, share * (this.#runMs ?? 0));
  }
}

/** A count whose past fades. */
class FadingCount {
  #count = 0;
  #atMs = 0;

  at(nowMs: number, fadeMs: number): number {
    return this.#count * Math.exp((this.#atMs - nowMs) / fadeMs);
  }
  add(nowMs: number, fadeMs: number): void {
    this.#count = this.at(nowMs, fadeMs) + 1;
    this.#atMs = nowMs;
  }
}
