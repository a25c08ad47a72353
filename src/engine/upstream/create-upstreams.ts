import { readFile } from 'node:fs/promises';
import type { ChatModel, Clock } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import { Egress, type EgressTimeouts } from '#platform/index.ts';
import { Breaker } from './breaker.ts';
import { PROFILES, type EngineKind } from './profiles.ts';
import { UpstreamChatModel } from './upstream-chat-model.ts';
import { UpstreamClient } from './upstream-client.ts';

/** An engine behind us, as it was registered. */
export interface UpstreamEngine {
  readonly name: string;
  readonly kind: EngineKind;
  readonly url: URL;
  /** File with the engine's key; read at each start, kept nowhere else. */
  readonly apiKeyFile: string | undefined;
}

const BREAKER = { failures: 5, windowMs: 10_000, openMs: 10_000 };

/** Whether a text names a kind of engine. */
export function isEngineKind(text: string): text is EngineKind {
  return Object.hasOwn(PROFILES, text);
}

/** A connection to one engine: every address but its own is refused. */
export class UpstreamConnection implements AsyncDisposable {
  readonly engine: UpstreamEngine;
  readonly #egress: Egress;
  readonly #client: UpstreamClient;

  private constructor(engine: UpstreamEngine, egress: Egress, client: UpstreamClient) {
    this.engine = engine;
    this.#egress = egress;
    this.#client = client;
  }

  /** @throws {AppError} engine.unavailable when the key cannot be read. */
  static async open(
    engine: UpstreamEngine,
    deps: { readonly clock: Clock; readonly timeouts: EgressTimeouts },
  ): Promise<UpstreamConnection> {
    const apiKey = engine.apiKeyFile === undefined ? undefined : await readKey(engine);
    const egress = new Egress({ kind: 'named', origins: new Set([engine.url.origin]) }, deps.timeouts);
    const { name, url } = engine;
    const client = new UpstreamClient({
      egress,
      breaker: new Breaker(BREAKER),
      clock: deps.clock,
      baseUrl: url,
      apiKey,
      name,
    });
    return new UpstreamConnection(engine, egress, client);
  }

  /** One of its models under a name of ours. */
  chatModel(name: string, upstreamModel: string, contextTokens: number | undefined): ChatModel {
    const profile = PROFILES[this.engine.kind];
    return new UpstreamChatModel({ client: this.#client, profile, name, upstreamModel, contextTokens });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#egress[Symbol.asyncDispose]();
  }
}

async function readKey({ name, apiKeyFile = '' }: UpstreamEngine): Promise<string> {
  try {
    return (await readFile(apiKeyFile, 'utf8')).trim();
  } catch (error) {
    throw new AppError(
      'engine.unavailable',
      `The key of the engine "${name}" cannot be read from its file.`,
      {
        cause: error,
      },
    );
  }
}
