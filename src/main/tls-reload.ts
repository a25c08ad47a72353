import { statSync } from 'node:fs';
import { fingerprintOf, type CertifiedKey, type Logger } from '#platform/index.ts';

export interface TlsReloadDeps {
  readonly logger: Logger;
  /** Files whose change is a new certificate; none where it is made here. */
  readonly files: readonly string[];
  /** Reads key and certificate anew. @throws when they are not good */
  open(): CertifiedKey | undefined;
  /** Serves them from the next handshake on; connections that are open stay. */
  swap(certified: CertifiedKey): void;
}

const LOOK_MS = 30_000;

/**
 * Keeps the certificate that is served the one on disk: looked at every half minute, and when it is told to. A
 * certificate that is not good is refused with its reason, and the old one is served on.
 */
export class TlsReload implements Disposable {
  readonly #deps: TlsReloadDeps;
  readonly #timer: NodeJS.Timeout;
  #served: string;
  #seen: string;

  constructor(deps: TlsReloadDeps, served: CertifiedKey) {
    this.#deps = deps;
    this.#served = served.certificatePem;
    this.#seen = this.#stamp();
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Reads the certificate anew. Returns the fingerprint of what is served now, new or not. */
  reload(): string {
    const { logger, open, swap } = this.#deps;
    try {
      const certified = open();
      if (certified !== undefined && certified.certificatePem !== this.#served) {
        swap(certified);
        this.#served = certified.certificatePem;
        logger.info({ fingerprint: fingerprintOf(this.#served) }, 'tls.certificate_swapped');
      }
    } catch (error) {
      logger.error({ error }, 'tls.certificate_refused');
    }
    return fingerprintOf(this.#served);
  }

  #look(): void {
    const stamp = this.#stamp();
    // One that is made here is renewed in time by being opened.
    if (stamp === this.#seen && this.#deps.files.length > 0) return;
    this.#seen = stamp;
    this.reload();
  }

  #stamp(): string {
    return this.#deps.files
      .map((file) => {
        const stat = statSync(file, { throwIfNoEntry: false });
        return `${stat?.mtimeMs} ${stat?.size} ${stat?.ino}`;
      })
      .join();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
