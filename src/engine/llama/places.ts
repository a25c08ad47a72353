import type { Place } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import { Admission } from './admission.ts';

export interface PlacesSettings {
  /** Answers that run at once. */
  readonly streams: number;
  /** Answers that may wait besides. */
  readonly maxQueued: number;
  readonly maxWaitMs: number;
}

/**
 * The places of one model: for answers that run, and for those that wait. They are given out where requests come in,
 * before anything is begun, so that who is refused hears so at once and costs nothing.
 */
export class Places {
  readonly #settings: PlacesSettings;
  readonly #admission: Admission;
  readonly #nowMs: () => number;
  readonly #taken = new Set<EnginePlace>();

  constructor(settings: PlacesSettings, nowMs: () => number) {
    this.#settings = settings;
    this.#admission = new Admission(settings.maxWaitMs);
    this.#nowMs = nowMs;
  }

  /** @throws {AppError} engine.overloaded, with the wait that would be. */
  take(tenant: string): EnginePlace {
    const waiting = [...this.#taken].filter(({ isRunning }) => !isRunning);
    const { streams, maxQueued } = this.#settings;
    const { isAdmitted, waitMs } = this.#admission.judge(
      {
        tenant,
        streams,
        running: this.#taken.size - waiting.length,
        queued: waiting.length,
        ownQueued: waiting.filter((place) => place.tenant === tenant).length,
        tenantsQueued: new Set(waiting.map((place) => place.tenant)).size,
      },
      this.#nowMs(),
    );
    if (!isAdmitted || this.#taken.size >= streams + maxQueued) throw overloaded(waitMs);
    const place = new EnginePlace(tenant, {
      free: () => this.#taken.delete(place),
      ended: (runMs) => this.#admission.ended(runMs, this.#nowMs()),
    });
    this.#taken.add(place);
    return place;
  }
}

interface PlaceHooks {
  free(): void;
  ended(runMs: number): void;
}

/** One place, until its answer has ended or nobody wants it any more. */
export class EnginePlace implements Place {
  readonly tenant: string;
  readonly #hooks: PlaceHooks;
  #isRunning = false;

  constructor(tenant: string, hooks: PlaceHooks) {
    this.tenant = tenant;
    this.#hooks = hooks;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The model has begun to work on the answer. */
  begin(): void {
    this.#isRunning = true;
  }

  /** The answer ended by itself, `runMs` after its start; the place is free for the next. */
  end(runMs: number): void {
    this.#hooks.ended(runMs);
    this.#hooks.free();
  }

  [Symbol.dispose](): void {
    this.#hooks.free();
  }
}

function overloaded(waitMs: number): AppError {
  return new AppError('engine.overloaded', 'The model has more requests than it can serve soon.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    details: { waitMs },
  });
}
