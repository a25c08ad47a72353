import type { Clock } from '#contracts/index.ts';
import { isAppError } from '#core/index.ts';
import {
  offerFor,
  parseHubReference,
  type HubClient,
  type OfferedHardware,
  type OfferedModel,
} from '#registry/index.ts';

export interface OfferDeps {
  readonly hub: Pick<HubClient, 'describe' | 'licenceOf' | 'read'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Whether the installation offers models at all. */
  readonly isOffered: boolean;
  readHardware(): OfferedHardware;
}

/** What the hub said of an offered model; or why it said nothing. */
export type OfferLook =
  | {
      readonly isReachable: true;
      readonly sizeBytes: number;
      readonly licence: string | undefined;
      /** How long fetching it takes at the speed that was just measured. */
      readonly seconds: number;
    }
  | { readonly isReachable: false; readonly reason: string };

/** Who waits for a look waits no longer; without internet it ends as soon as that is known. */
const LOOK_MS = 10_000;
/** The speed is measured over so much, or so long. */
const SAMPLE_BYTES = 4 * 1024 * 1024;
const SAMPLE_MS = 2_000;

/**
 * The model that suits this machine. The offer itself asks nobody; only a look, which a person asks for, goes out to
 * the hub.
 */
export class OfferModel {
  readonly #deps: OfferDeps;
  constructor(deps: OfferDeps) {
    this.#deps = deps;
  }

  /** The model to offer; undefined when none fits or offers are turned off. */
  offer(): OfferedModel | undefined {
    return this.#deps.isOffered ? offerFor(this.#deps.readHardware()) : undefined;
  }

  /** Asks the hub for the offered model's size and licence, and how fast it comes. Never fails for want of internet. */
  async look(signal: AbortSignal): Promise<OfferLook> {
    const reference = parseHubReference(this.offer()?.source ?? '');
    if (reference === undefined) return { isReachable: false, reason: 'No model is offered here.' };
    const { hub } = this.#deps;
    const within = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
    try {
      const file = await hub.describe(reference, within);
      const licence = await hub.licenceOf(reference, within);
      const { body } = await hub.read(reference, file, 0, within);
      const bytesPerSecond = await this.#measure(body);
      return {
        isReachable: true,
        sizeBytes: file.sizeBytes,
        licence,
        seconds: Math.ceil(file.sizeBytes / bytesPerSecond),
      };
    } catch (error) {
      signal.throwIfAborted();
      if (within.aborted) return { isReachable: false, reason: 'The hub did not answer in time.' };
      if (isAppError(error)) return { isReachable: false, reason: error.message };
      throw error;
    }
  }

  async #measure(body: AsyncIterable<Uint8Array>): Promise<number> {
    const { clock } = this.#deps;
    const startedMs = clock.monotonicMs();
    let bytes = 0;
    for await (const part of body) {
      bytes += part.length;
      if (bytes >= SAMPLE_BYTES || clock.monotonicMs() - startedMs >= SAMPLE_MS) break;
    }
    return Math.max(1, (1000 * bytes) / Math.max(1, clock.monotonicMs() - startedMs));
  }
}
