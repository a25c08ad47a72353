import { isEngineKind, UpstreamConnection } from '#engine/index.ts';
import type { Parts } from './compose.ts';

const CONNECT_MS = 3_000;

/** The connections to engines behind us, as the register names them. */
export class UpstreamConnections implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #open = new Map<string, UpstreamConnection>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The connection to an engine; undefined when there is none or it could not be opened. */
  find(engine: string): UpstreamConnection | undefined {
    return this.#open.get(engine);
  }

  /** Opens what is new, closes what is gone or lies elsewhere now. One that does not open is logged. */
  async follow(): Promise<void> {
    const { upstreamFirstByteMs: firstByteMs, upstreamIdleMs: idleMs } = this.#parts.config.engine;
    const timeouts = { connectMs: CONNECT_MS, firstByteMs, idleMs };
    const engines = await this.#parts.modelStore.listEngines();
    for (const [name, connection] of this.#open) {
      const isSame = engines.some(
        (engine) => engine.name === name && new URL(engine.url).href === connection.engine.url.href,
      );
      if (isSame) continue;
      this.#open.delete(name);
      await connection[Symbol.asyncDispose]();
    }
    for (const { name, kind, url, apiKeyFile } of engines) {
      if (this.#open.has(name) || !isEngineKind(kind)) continue;
      const connection = await UpstreamConnection.open(
        { name, kind, url: new URL(url), apiKeyFile },
        { clock: this.#parts.clock, timeouts },
      ).catch((error: unknown) => this.#parts.logger.error({ error, engine: name }, 'engine.not_connected'));
      if (connection !== undefined) this.#open.set(name, connection);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open.values()].map((connection) => connection[Symbol.asyncDispose]()));
  }
}
