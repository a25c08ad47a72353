import type { Clock, Statement } from '#contracts/index.ts';
import { AppError, type Principal, type TenantId } from '#core/index.ts';
import { levelAt, waitMs, type BucketLevel } from './bucket.ts';
import { holderOf, INSTALLATION, type LimitMetric, type LimitRule } from './limit-rule.ts';
import { TenantShares } from './tenant-shares.ts';
import type { LimitStore } from './limit-store.ts';

/** What a request may take, or took: tokens, and money in millionths. */
export interface Spending {
  readonly tokens: number;
  readonly costMicro: number;
}

/** A place that a request was given. Settle exactly once: what was not spent goes back. */
export interface LimitReservation {
  settle(spent: Spending): Promise<void>;
}

/** How one limit stands for somebody. */
export interface LimitState {
  readonly rule: LimitRule;
  readonly remaining: number;
  /** Milliseconds until it is full again. */
  readonly resetMs: number;
}

/** How a limit stands for one of those who drew from it. */
export interface HolderState extends LimitState {
  readonly holder: string;
  /** Requests under way. */
  readonly running: number;
}

export interface LimitsDeps {
  readonly store: LimitStore;
  readonly clock: Clock;
  write(statements: readonly Statement[]): Promise<void>;
}

interface Bucket {
  rule: LimitRule;
  readonly holder: string;
  /** In monotonic time. */
  level: BucketLevel;
  /** What a restart would find, in monotonic time. */
  floor: BucketLevel;
  /** Settles when the floor is on disk. */
  written: Promise<void>;
  /** Requests under way, and what they hold until it is known what they took. */
  running: number;
  held: number;
}

/** The share of a bucket that a restart may lose, so that not every request writes. */
const FLOOR_STEP_RATIO = 0.05;
const MAX_BUCKETS = 20_000;
const MAX_HOLDERS = 1_000;

/**
 * Keeps everyone within their limits, in every dialect. A request reserves the most that it may take from every
 * bucket that concerns it, or is refused by the first that cannot give it; what it did not take goes back when
 * it ends. Taking is one synchronous step, so parallel requests cannot pass together. Before a bucket falls
 * below its floor on disk a lower floor is written: a restart finds at most what was left, never more.
 */
export class Limits {
  readonly #deps: LimitsDeps;
  readonly #buckets = new Map<string, Bucket>();
  readonly #shares: TenantShares;

  constructor(deps: LimitsDeps) {
    this.#deps = deps;
    this.#shares = new TenantShares(deps.clock);
  }

  /**
   * @param most the upper bound of what the request may take. A bucket that holds less gives all it has, and
   * nothing more until the request ends: what it takes beyond is a debt, of one request at most.
   * @throws {AppError} limit.exceeded with the numbers and the seconds to wait.
   */
  async reserve(principal: Principal, most: Spending): Promise<LimitReservation> {
    this.#shares.note(principal.tenantId);
    const buckets = await this.#bucketsOf(principal);
    const nowMs = this.#deps.clock.monotonicMs();
    for (const bucket of buckets) check(bucket, nowMs);
    const taken = buckets.map((bucket) => ({ bucket, amount: reservedOf(bucket, most, nowMs) }));
    for (const { bucket, amount } of taken) hold(bucket, amount, nowMs);
    try {
      await this.#moveFloors(buckets);
    } catch (error) {
      for (const { bucket, amount } of taken) release(bucket, { held: amount, spent: 0 }, nowMs);
      throw error;
    }
    let isSettled = false;
    return {
      settle: async (spent) => {
        if (isSettled) return;
        isSettled = true;
        const endMs = this.#deps.clock.monotonicMs();
        for (const { bucket, amount } of taken)
          release(bucket, { held: amount, spent: spentOf(bucket.rule.metric, spent) }, endMs);
        await this.#moveFloors(buckets);
      },
    };
  }

  /** How every limit that concerns somebody stands. */
  async statesOf(principal: Principal): Promise<readonly LimitState[]> {
    const nowMs = this.#deps.clock.monotonicMs();
    return (await this.#bucketsOf(principal)).map((bucket) => stateOf(bucket, nowMs));
  }

  /**
   * How one limit stands for everybody who drew from it, the one with the least left first; undefined when the
   * tenant has no such limit.
   */
  async holdersOf(tenantId: TenantId, ruleId: number): Promise<readonly HolderState[] | undefined> {
    const rule = (await this.#deps.store.listRules(tenantId)).find(({ id }) => id === ruleId);
    if (rule === undefined) return undefined;
    const known = [...this.#buckets.values()].filter((bucket) => bucket.rule.id === ruleId);
    const holders = new Set(known.map(({ holder }) => holder));
    for (const holder of await this.#deps.store.listHolders(tenantId, ruleId)) holders.add(holder);
    const states: HolderState[] = [];
    for (const holder of holders) {
      // A share is as large as it was when its tenant last asked.
      const last = known.find((one) => one.holder === holder)?.rule ?? rule;
      const bucket = await this.#bucketOf(last, holder);
      const state = stateOf(bucket, this.#deps.clock.monotonicMs());
      states.push({ ...state, holder, running: bucket.running });
    }
    return states.toSorted((a, b) => a.remaining - b.remaining).slice(0, MAX_HOLDERS);
  }

  async #bucketsOf(principal: Principal): Promise<readonly Bucket[]> {
    const { tenantId } = principal;
    const buckets: Bucket[] = [];
    const rules = await this.#deps.store.listHolding(tenantId);
    const isShared = rules.some(({ subject }) => subject === INSTALLATION);
    const weights = isShared ? await this.#deps.store.listWeights() : undefined;
    for (const rule of rules) {
      const holder = holderOf(rule, principal);
      if (holder === undefined) continue;
      const isOfAll = rule.subject === INSTALLATION && weights !== undefined;
      const own = isOfAll ? this.#shares.shareOf(rule, tenantId, weights) : rule;
      buckets.push(await this.#bucketOf(own, holder));
    }
    return buckets;
  }

  async #bucketOf(rule: LimitRule, holder: string): Promise<Bucket> {
    const key = `${rule.id} ${holder}`;
    const found = this.#buckets.has(key) ? undefined : await this.#deps.store.findFloor(rule.id, holder);
    // Looked up again: another request may have opened it meanwhile, and two buckets would give twice.
    const known = this.#buckets.get(key);
    if (known !== undefined) return this.#adjust(known, rule);
    this.#makeRoom();
    const bucket = this.#open(rule, holder, found);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #open(rule: LimitRule, holder: string, found: BucketLevel | undefined): Bucket {
    const { clock } = this.#deps;
    const atMs = clock.monotonicMs();
    const sinceMs = found === undefined ? 0 : clock.nowMs() - found.atMs;
    // What was never written is full.
    const left = found ? levelAt(rule, { level: found.level, atMs: 0 }, sinceMs) : rule.amount;
    const level = { level: left, atMs };
    return { rule, holder, level, floor: level, written: Promise.resolve(), running: 0, held: 0 };
  }

  /** A limit that was changed keeps what was spent. */
  #adjust(bucket: Bucket, rule: LimitRule): Bucket {
    const change = rule.amount - bucket.rule.amount;
    if (change === 0) return bucket;
    const atMs = this.#deps.clock.monotonicMs();
    bucket.level = { level: levelAt(bucket.rule, bucket.level, atMs) + change, atMs };
    bucket.floor = { level: rule.amount, atMs };
    bucket.rule = rule;
    return bucket;
  }

  /** Forgets buckets that are full and idle: they would open the same again. */
  #makeRoom(): void {
    if (this.#buckets.size < MAX_BUCKETS) return;
    const nowMs = this.#deps.clock.monotonicMs();
    for (const [key, { rule, level, running }] of this.#buckets) {
      if (running === 0 && levelAt(rule, level, nowMs) >= rule.amount) this.#buckets.delete(key);
    }
  }

  /**
   * Resolves when no bucket holds less than a restart would find. A floor that lies far below, because a request
   * reserved much and took little, is raised again.
   */
  async #moveFloors(buckets: readonly Bucket[]): Promise<void> {
    const { clock, store, write } = this.#deps;
    const nowMs = clock.monotonicMs();
    const low = buckets.filter(({ rule, level, floor }) => {
      if (rule.metric === 'concurrency') return false;
      const above = levelAt(rule, level, nowMs) - levelAt(rule, floor, nowMs);
      return above < 0 || above > 2 * stepOf(rule);
    });
    const statements = low.map((bucket) => {
      const { rule, holder, level } = bucket;
      bucket.floor = { level: Math.floor(levelAt(rule, level, nowMs) - stepOf(rule)), atMs: nowMs };
      return store.putFloor(rule, holder, { level: bucket.floor.level, atMs: clock.nowMs() });
    });
    if (low.length > 0) {
      const written = write(statements).catch((error: unknown) => {
        // It is not known what is on disk: the next request writes again.
        for (const bucket of low) bucket.floor = { level: bucket.rule.amount, atMs: nowMs };
        throw error;
      });
      for (const bucket of low) bucket.written = written;
    }
    await Promise.all(buckets.map(({ written }) => written));
  }
}

function stateOf({ rule, level, running }: Bucket, nowMs: number): LimitState {
  if (rule.metric === 'concurrency')
    return { rule, remaining: Math.max(0, rule.amount - running), resetMs: 0 };
  const left = levelAt(rule, level, nowMs);
  return { rule, remaining: Math.max(0, Math.floor(left)), resetMs: waitMs(rule, left, rule.amount) };
}

/** How far below a bucket its floor is put. */
const stepOf = (rule: LimitRule): number => Math.ceil(rule.amount * FLOOR_STEP_RATIO);

function spentOf(metric: LimitMetric, { tokens, costMicro }: Spending): number {
  if (metric === 'tokens') return tokens;
  return metric === 'cost' ? costMicro : 1;
}

function reservedOf({ rule, level }: Bucket, most: Spending, nowMs: number): number {
  const wanted = spentOf(rule.metric, most);
  return rule.metric === 'concurrency' ? wanted : Math.min(wanted, Math.floor(levelAt(rule, level, nowMs)));
}

function hold(bucket: Bucket, amount: number, nowMs: number): void {
  bucket.running += 1;
  bucket.held += amount;
  take(bucket, amount, nowMs);
}

/** What was held and not spent goes back; what was spent beyond it is a debt. */
function release(bucket: Bucket, { held, spent }: { held: number; spent: number }, nowMs: number): void {
  bucket.running -= 1;
  bucket.held -= held;
  take(bucket, spent - held, nowMs);
}

function take(bucket: Bucket, amount: number, nowMs: number): void {
  if (bucket.rule.metric === 'concurrency') return;
  bucket.level = { level: levelAt(bucket.rule, bucket.level, nowMs) - amount, atMs: nowMs };
}

const NAMES: Readonly<Record<LimitMetric, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  concurrency: 'requests at once',
  cost: 'spending',
};
/** When a request under way ends is not known; asking again this often costs little. */
const SOON_MS = 1_000;
const MAX_RETRY_SECONDS = 24 * 60 * 60;

function check(bucket: Bucket, nowMs: number): void {
  const { rule, level, running, held } = bucket;
  const isConcurrency = rule.metric === 'concurrency';
  const left = isConcurrency ? rule.amount - running : levelAt(rule, level, nowMs);
  if (left >= 1) return;
  // What requests under way hold is mostly given back: it is not gone for a window.
  const isHeld = isConcurrency || (rule.metric !== 'requests' && left + held >= 1);
  const wait = isHeld ? SOON_MS : waitMs(rule, left, 1);
  const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(wait / 1000)));
  const windowSeconds = rule.windowMs / 1000;
  throw new AppError(
    'limit.exceeded',
    `The limit of ${rule.amount} ${NAMES[rule.metric]}${isConcurrency ? '' : ` in ${windowSeconds} s`} is reached. ` +
      `Try again in ${retryAfterSeconds} s.`,
    {
      details: {
        metric: rule.metric,
        subject: rule.subject,
        limit: rule.amount,
        remaining: Math.max(0, Math.floor(left)),
        ...(!isConcurrency && { windowSeconds }),
      },
      retryAfterSeconds,
    },
  );
}
