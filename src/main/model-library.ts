import { join, resolve } from 'node:path';
import type { ChatModel, EmbeddingModel } from '#contracts/index.ts';
import { isAppError, type Digest } from '#core/index.ts';
import {
  createEngine,
  EngineConfig,
  type CountingEmbeddingModel,
  type CountingRerankingModel,
  FallbackChatModel,
  isEngineKind,
  UpstreamConnection,
  type Engine,
  type EngineState,
  type ModelConfig,
  type PreparedModel,
} from '#engine/index.ts';
import {
  artifactPath,
  searchPromptsOf,
  withSearchPrompts,
  type ModelRole,
  type RegisteredModel,
} from '#registry/index.ts';
import type { Parts } from './compose.ts';
import { prepareModel } from './prepare-model.ts';
import { INSTALLATION } from './product.ts';

/** A model that runs here. */
interface Local {
  readonly kind: 'local';
  readonly prepared: PreparedModel;
  readonly engine: Engine;
}

/** A model of an engine behind us. */
interface Upstream {
  readonly kind: 'upstream';
  readonly chat: ChatModel;
  readonly engine: string;
}

/** A model that was registered and could not be started, with the reason. */
interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}
type Entry = Local | Upstream | Refused;

/** What a name leads to, for the release that its answers name. */
export interface FoundModel {
  readonly chat: ChatModel;
  readonly prepared: PreparedModel | undefined;
}

const ROLES: readonly ModelRole[] = ['answer', 'embedding', 'reranking'];
const UPSTREAM_CONNECT_MS = 3_000;

/** Where model files are kept, by digest. */
export function modelFolder(parts: Parts): string {
  return join(parts.installation.folder, 'models');
}

/**
 * The models of this installation: those that the configuration names and those that were added since. A change in
 * the register acts on the next request: what is new is judged and started, what is gone is stopped.
 */
export class ModelLibrary implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #entries = new Map<string, Entry>();
  readonly #connections = new Map<string, UpstreamConnection>();
  #aliases: ReadonlyMap<string, readonly string[]> = new Map();
  #chosen: ReadonlyMap<ModelRole, string> = new Map();
  #reloading: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The model chosen for something; undefined while answers are quoted, or what is built in does it. */
  chosen(role: ModelRole): string | undefined {
    return this.#chosen.get(role);
  }

  /** An embedding model that runs here, by its name or, without one, the chosen. */
  embeddingModel(name = this.chosen('embedding')): CountingEmbeddingModel | undefined {
    return this.#localEngine(name)?.embeddingModel(name ?? '');
  }

  /** The same as the search asks it: with the prompts that its family was trained on. */
  searchModel(name = this.chosen('embedding')): EmbeddingModel | undefined {
    const model = this.embeddingModel(name);
    const entry = name === undefined ? undefined : this.#entries.get(name);
    if (model === undefined || entry?.kind !== 'local') return undefined;
    return withSearchPrompts(model, searchPromptsOf(entry.prepared.modelName));
  }

  /** A reranking model that runs here, by its name or, without one, the chosen. */
  rerankingModel(name = this.chosen('reranking')): CountingRerankingModel | undefined {
    return this.#localEngine(name)?.rerankingModel(name ?? '');
  }

  /** What a name can be chosen for; undefined when it leads to no model. */
  roleOf(name: string): ModelRole | undefined {
    if (this.find(name) !== undefined) return 'answer';
    if (this.embeddingModel(name) !== undefined) return 'embedding';
    return this.rerankingModel(name) === undefined ? undefined : 'reranking';
  }

  /** Digests of the encoders that are here; undefined while one cannot be read, so that nobody takes it for gone. */
  encoderDigests(): ReadonlySet<Digest> | undefined {
    const entries = [...this.#entries.values()];
    if (entries.some(({ kind }) => kind === 'refused')) return undefined;
    return new Set(entries.flatMap((entry) => (entry.kind === 'local' ? [entry.prepared.digest] : [])));
  }

  #localEngine(name: string | undefined): Engine | undefined {
    const entry = name === undefined ? undefined : this.#entries.get(name);
    return entry?.kind === 'local' ? entry.engine : undefined;
  }

  /** Names and aliases that can be asked for plain chat. */
  chatNames(): string[] {
    const names = [...this.#entries].flatMap(([name, entry]) =>
      toChat(entry, name) === undefined ? [] : [name],
    );
    const aliases = [...this.#aliases.keys()].filter((alias) => this.find(alias) !== undefined);
    return [...names, ...aliases];
  }

  /** How each model fares. */
  status() {
    return [...this.#entries].map(([name, entry]) => ({
      name,
      where: entry.kind === 'upstream' ? entry.engine : 'here',
      state: stateOf(entry),
      loadedRatio: loadedRatioOf(entry),
      purpose: entry.kind === 'local' ? entry.prepared.config.purpose : 'chat',
      stats: entry.kind === 'local' ? figuresOf(entry) : undefined,
      memoryBytes: entry.kind === 'local' ? entry.prepared.memoryBytes : undefined,
      reason: whyNot(entry),
    }));
  }

  /** The engines of models that run here, for metrics. */
  engineStatus() {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.kind === 'local' ? entry.engine.status() : [],
    );
  }

  /** What a name or an alias leads to; undefined when it leads nowhere. */
  find(name: string): FoundModel | undefined {
    const direct = this.#entries.get(name);
    const chat = direct && toChat(direct, name);
    if (direct !== undefined && chat !== undefined) {
      return { chat, prepared: direct.kind === 'local' ? direct.prepared : undefined };
    }
    const found = (this.#aliases.get(name) ?? []).flatMap((target) => this.find(target) ?? []);
    const [first, ...rest] = found;
    if (first === undefined) return undefined;
    const models: [ChatModel, ...ChatModel[]] = [first.chat, ...rest.map((model) => model.chat)];
    return { chat: new FallbackChatModel(name, models), prepared: first.prepared };
  }

  /** Reads the register and starts and stops what changed; one at a time. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.catch(() => undefined).then(() => this.#reload());
    return this.#reloading;
  }

  async #reload(): Promise<void> {
    const { modelStore, config } = this.#parts;
    const registered = await modelStore.listModels();
    const configured = config.engine.models;
    const wanted = new Set([...configured, ...registered].map(({ name }) => name));
    for (const name of [...this.#entries.keys()].filter((known) => !wanted.has(known)))
      await this.#stop(name);
    await this.#connect();
    for (const model of configured) await this.#startFile(model, resolve(INSTALLATION, model.path));
    for (const model of registered) await this.#startRegistered(model);
    const own = new Map(
      configured.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, [name]] as const)),
    );
    this.#aliases = new Map([...own, ...(await modelStore.listAliases())]);
    this.#chosen = new Map([...configuredRoles(config.engine), ...(await modelStore.listChosen())]);
  }

  async #connect(): Promise<void> {
    const { upstreamFirstByteMs: firstByteMs, upstreamIdleMs: idleMs } = this.#parts.config.engine;
    const timeouts = { connectMs: UPSTREAM_CONNECT_MS, firstByteMs, idleMs };
    const engines = await this.#parts.modelStore.listEngines();
    for (const [name, connection] of this.#connections) {
      const same = engines.find(
        (engine) => engine.name === name && new URL(engine.url).href === connection.engine.url.href,
      );
      if (same !== undefined) continue;
      this.#connections.delete(name);
      await connection[Symbol.asyncDispose]();
    }
    for (const engine of engines) {
      if (this.#connections.has(engine.name) || !isEngineKind(engine.kind)) continue;
      const { name, kind, apiKeyFile } = engine;
      const connection = await UpstreamConnection.open(
        { name, kind, url: new URL(engine.url), apiKeyFile },
        { clock: this.#parts.clock, timeouts },
      ).catch((error: unknown) => this.#parts.logger.error({ error, engine: name }, 'engine.not_connected'));
      if (connection !== undefined) this.#connections.set(name, connection);
    }
  }

  async #startRegistered(model: RegisteredModel): Promise<void> {
    const { name, purpose, behind, contextTokens } = model;
    if (behind.kind === 'engine') {
      const connection = this.#connections.get(behind.engine);
      if (connection === undefined) {
        this.#entries.set(name, { kind: 'refused', reason: `There is no connection to "${behind.engine}".` });
        return;
      }
      const chat = connection.chatModel(name, behind.upstreamModel, contextTokens);
      this.#entries.set(name, { kind: 'upstream', chat, engine: behind.engine });
      return;
    }
    const artifact = await this.#parts.modelStore.findArtifact(behind.digest);
    const path = artifactPath(modelFolder(this.#parts), behind.digest);
    const config = EngineConfig.shape.models.unwrap().element.parse({
      name,
      path,
      purpose,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(artifact?.approvedTemplate !== undefined && { approvedTemplate: artifact.approvedTemplate }),
    });
    await this.#startFile(config, path);
  }

  /** Starts a file under its name unless the very same already runs. */
  async #startFile(config: ModelConfig, path: string): Promise<void> {
    const { name } = config;
    const running = this.#entries.get(name);
    if (running?.kind === 'local' && isSame(running.prepared, config, path)) return;
    await this.#stop(name);
    const prepared = await prepareModel({ ...config, path }).catch((error: unknown) => reasonOf(error));
    if (typeof prepared === 'string') {
      this.#parts.logger.error({ model: name, reason: prepared }, 'model.refused');
      this.#entries.set(name, { kind: 'refused', reason: prepared });
      return;
    }
    const engine = createEngine([prepared], this.#parts.config.engine, {
      clock: this.#parts.clock,
      scratchDirectory: this.#parts.installation.folder,
      onState: (model, state) => this.#logState(model, state),
      onFinished: ({ model, timings }) => this.#parts.metrics.observeGeneration(model, timings),
    });
    this.#entries.set(name, { kind: 'local', prepared, engine });
  }

  async #stop(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    if (entry?.kind === 'local') await entry.engine[Symbol.asyncDispose]();
  }

  #logState(model: string, state: EngineState): void {
    const reason = 'reason' in state ? state.reason : undefined;
    const isTrouble = state.state === 'restarting' || state.state === 'refused';
    const fields = { model, ...(reason !== undefined && { reason }) };
    if (isTrouble) this.#parts.logger.error(fields, `model.${state.state}`);
    else this.#parts.logger.info(fields, `model.${state.state}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reloading.catch(() => undefined);
    await Promise.all([...this.#entries.keys()].map((name) => this.#stop(name)));
    await Promise.all([...this.#connections.values()].map((connection) => connection[Symbol.asyncDispose]()));
  }
}

/** What the configuration chooses; what was chosen since wins. */
function configuredRoles(engine: EngineConfig): (readonly [ModelRole, string])[] {
  const { answerModel, embeddingModel, rerankingModel } = engine;
  const roles = { answer: answerModel, embedding: embeddingModel, reranking: rerankingModel } as const;
  return ROLES.flatMap((role) => (roles[role] === undefined ? [] : [[role, roles[role]] as const]));
}

function toChat(entry: Entry, name: string): ChatModel | undefined {
  if (entry.kind === 'upstream') return entry.chat;
  return entry.kind === 'local' ? entry.engine.chatModel(name) : undefined;
}

/** What a model does and how its last answers went; undefined while its process has not said. */
function figuresOf({ engine }: Local): Record<string, unknown> | undefined {
  const [status] = engine.status();
  if (status?.stats === undefined) return undefined;
  const { stats, queuedMs, firstTokenMs } = status;
  return { ...stats, ...(queuedMs && { queuedMs }), ...(firstTokenMs && { firstTokenMs }) };
}

/** Why a model does not answer; undefined for one that does. */
function whyNot(entry: Entry): string | undefined {
  if (entry.kind === 'refused') return entry.reason;
  const state = entry.kind === 'local' ? entry.engine.status()[0]?.state : undefined;
  return state !== undefined && 'reason' in state ? state.reason : undefined;
}

/** How much of a model is loaded, 0 to 1; undefined for what is not loading. */
function loadedRatioOf(entry: Entry): number | undefined {
  const state = entry.kind === 'local' ? entry.engine.status()[0]?.state : undefined;
  return state?.state === 'loading' ? state.loadedRatio : undefined;
}

function stateOf(entry: Entry): string {
  if (entry.kind === 'upstream') return 'ready';
  return entry.kind === 'refused' ? 'refused' : (entry.engine.status()[0]?.state.state ?? 'stopped');
}

function isSame(prepared: PreparedModel, config: ModelConfig, path: string): boolean {
  return prepared.config.path === path && prepared.config.contextTokens === config.contextTokens;
}

function reasonOf(error: unknown): string {
  if (isAppError(error)) return error.message;
  throw error;
}
