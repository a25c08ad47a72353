import { AppError, type AclSetId, type Principal } from '#core/index.ts';

/** What running requests are checked against. */
export interface LiveRequestsDeps {
  /** The same principal as of now; undefined when their session, key or account is over. */
  again(principal: Principal): Promise<Principal | undefined>;
  /** The access sets that the principal may read now. */
  aclSetsOf(principal: Principal): Promise<ReadonlySet<AclSetId>>;
  /** Told of a check that could not be made; it is made again soon. */
  onFault(error: unknown): void;
}

interface LiveRequest {
  readonly principal: Principal;
  readonly abort: (reason: AppError) => void;
  /** What they might read when the request began. */
  readonly aclSets: Promise<ReadonlySet<AclSetId>>;
}

const CHECK_INTERVAL_MS = 1_000;

/**
 * Cuts requests that run when their caller loses their rights: a session that ends, a key that is revoked, an
 * account that is deactivated, a grant or a membership that is taken away, a time window that closes. Whatever
 * took it away, here or in another process: it is looked up, not told.
 */
export class LiveRequests implements Disposable {
  readonly #deps: LiveRequestsDeps;
  readonly #live = new Set<LiveRequest>();
  readonly #timer: NodeJS.Timeout;
  #isChecking = false;

  constructor(deps: LiveRequestsDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.check(), CHECK_INTERVAL_MS).unref();
  }

  /** Watches a request until it is disposed of. */
  watch(principal: Principal, abort: (reason: AppError) => void): Disposable {
    const { kind } = principal.authentication;
    if (kind !== 'session' && kind !== 'api-key') return { [Symbol.dispose]: () => undefined };
    const aclSets = this.#deps.aclSetsOf(principal);
    // Awaited at the first check; most requests are over before it.
    aclSets.catch(() => undefined);
    const request: LiveRequest = { principal, abort, aclSets };
    this.#live.add(request);
    return { [Symbol.dispose]: () => void this.#live.delete(request) };
  }

  /** Checks every running request once; called by a timer each second. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      for (const request of Array.from(this.#live)) await this.#checkOne(request);
    } catch (error) {
      this.#deps.onFault(error);
    } finally {
      this.#isChecking = false;
    }
  }

  async #checkOne(request: LiveRequest): Promise<void> {
    const now = await this.#deps.again(request.principal);
    if (now === undefined) {
      this.#cut(request, new AppError('auth.required', 'Your session or key was ended.'));
      return;
    }
    const before = await request.aclSets;
    const after = await this.#deps.aclSetsOf(now);
    const hasLost = [...before].some((aclSet) => !after.has(aclSet));
    if (hasLost)
      this.#cut(request, new AppError('auth.forbidden', 'What you may read has changed. Ask again.'));
  }

  #cut(request: LiveRequest, reason: AppError): void {
    this.#live.delete(request);
    request.abort(reason);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
