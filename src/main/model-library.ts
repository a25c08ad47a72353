import { resolve } from 'node:path';
import type { ChatModel, EmbeddingModel } from '#contracts/index.ts';
import type { Digest } from '#core/index.ts';
import {
  type CountingEmbeddingModel,
  type CountingRerankingModel,
  type Engine,
  type EngineConfig,
  FallbackChatModel,
  type ModelConfig,
  type PreparedModel,
} from '#engine/index.ts';
import { searchPromptsOf, withSearchPrompts, type ModelRole, type RegisteredModel } from '#registry/index.ts';
import type { Parts } from './compose.ts';
import {
  chatOf,
  digestOfEntry,
  isUnloaded,
  statusOf,
  type ModelEntry,
  type ModelEntryStatus,
} from './model-entry.ts';
import { INSTALLATION } from './product.ts';
import { fileConfigOf, isSame, startLocalModel } from './start-local-model.ts';
import { Unloading } from './unloading.ts';
import { UpstreamConnections } from './upstream-connections.ts';

/** What a name leads to, for the release that its answers name. */
export interface FoundModel {
  readonly chat: ChatModel;
  readonly prepared: PreparedModel | undefined;
}

const ROLES: readonly ModelRole[] = ['answer', 'embedding', 'reranking'];

/**
 * The models of this installation: those that the configuration names and those that were added since. A change in
 * the register acts on the next request: what is new or loaded again is judged and started, what is gone or unloaded
 * is stopped.
 */
export class ModelLibrary implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #connections: UpstreamConnections;
  readonly #entries = new Map<string, ModelEntry>();
  #aliases: ReadonlyMap<string, readonly string[]> = new Map();
  #chosen: ReadonlyMap<ModelRole, string> = new Map();
  #unloaded: ReadonlySet<string> = new Set();
  #reloading: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#connections = new UpstreamConnections(parts);
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

  /** What a name can be chosen for, loaded or not; undefined when it leads to no model. */
  roleOf(name: string): ModelRole | undefined {
    const entry = this.#entries.get(name);
    if (this.find(name) !== undefined) return 'answer';
    if (entry !== undefined && isUnloaded(entry)) return toRole(statusOf(name, entry).purpose);
    if (this.embeddingModel(name) !== undefined) return 'embedding';
    return this.rerankingModel(name) === undefined ? undefined : 'reranking';
  }

  /** Digests of the encoders that are here; undefined while one cannot be read, so that nobody takes it for gone. */
  encoderDigests(): ReadonlySet<Digest> | undefined {
    const digests = [...this.#entries.values()].flatMap((entry) =>
      entry.kind === 'upstream' ? [] : [digestOfEntry(entry)],
    );
    const known = digests.filter((digest) => digest !== undefined);
    return known.length === digests.length ? new Set(known) : undefined;
  }

  #localEngine(name: string | undefined): Engine | undefined {
    const entry = name === undefined ? undefined : this.#entries.get(name);
    return entry?.kind === 'local' ? entry.engine : undefined;
  }

  /** Names and aliases that can be asked for plain chat. */
  chatNames(): string[] {
    const names = [...this.#entries].flatMap(([name, entry]) =>
      chatOf(name, entry) === undefined ? [] : [name],
    );
    const aliases = [...this.#aliases.keys()].filter((alias) => this.find(alias) !== undefined);
    return [...new Set([...names, ...aliases])];
  }

  /** How each model fares. */
  statuses(): readonly ModelEntryStatus[] {
    return [...this.#entries].map(([name, entry]) => statusOf(name, entry));
  }

  /** How one model fares, by its name; undefined when there is none. */
  status(name: string): ModelEntryStatus | undefined {
    const entry = this.#entries.get(name);
    return entry && statusOf(name, entry);
  }

  /** The engines of models that run here, for metrics. */
  engineStatus() {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.kind === 'local' ? entry.engine.status() : [],
    );
  }

  /** What a name or an alias leads to; undefined when it leads nowhere, or to what is unloaded. */
  find(name: string): FoundModel | undefined {
    const direct = this.#findDirect(name);
    if (direct !== undefined) return direct;
    const [first, ...rest] = this.#modelsBehind(name).flatMap((target) => this.#findDirect(target) ?? []);
    if (first === undefined) return undefined;
    const models: [ChatModel, ...ChatModel[]] = [first.chat, ...rest.map((model) => model.chat)];
    return { chat: new FallbackChatModel(name, models), prepared: first.prepared };
  }

  /** The unloaded model that a name or an alias leads to; undefined when it leads to none. */
  unloadedBehind(name: string): string | undefined {
    return this.#modelsBehind(name).find((target) => isUnloaded(this.#entries.get(target)));
  }

  #findDirect(name: string): FoundModel | undefined {
    const entry = this.#entries.get(name);
    const chat = chatOf(name, entry);
    return chat && { chat, prepared: entry?.kind === 'local' ? entry.prepared : undefined };
  }

  /** Names of models that a name leads to, most preferred first. A way that leads in a circle ends where it began. */
  #modelsBehind(name: string, seen = new Set<string>()): readonly string[] {
    if (seen.has(name)) return [];
    seen.add(name);
    const further = (this.#aliases.get(name) ?? []).flatMap((target) => this.#modelsBehind(target, seen));
    return this.#entries.has(name) ? [name, ...further] : further;
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
    this.#unloaded = await modelStore.listUnloaded();
    const wanted = new Set([...configured, ...registered].map(({ name }) => name));
    for (const name of [...this.#entries.keys()].filter((known) => !wanted.has(known)))
      await this.#stop(name);
    await this.#connections.follow();
    for (const model of configured)
      await this.#startFile({ ...model, path: resolve(INSTALLATION, model.path) });
    for (const model of registered) await this.#startRegistered(model);
    const own = new Map(
      configured.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, [name]] as const)),
    );
    this.#aliases = new Map([...own, ...(await modelStore.listAliases())]);
    this.#chosen = new Map([...configuredRoles(config.engine), ...(await modelStore.listChosen())]);
  }

  async #startRegistered(model: RegisteredModel): Promise<void> {
    const { name, behind } = model;
    if (behind.kind === 'engine') {
      this.#entries.set(name, this.#connect(model, behind));
      return;
    }
    const config = await fileConfigOf(this.#parts, model);
    if (config !== undefined) await this.#startFile(config, behind.digest);
  }

  #connect(
    { name, purpose, contextTokens }: RegisteredModel,
    { engine, upstreamModel }: { readonly engine: string; readonly upstreamModel: string },
  ): ModelEntry {
    const chat = this.#connections.find(engine)?.chatModel(name, upstreamModel, contextTokens);
    if (chat !== undefined) return { kind: 'upstream', chat, engine };
    return { kind: 'refused', where: engine, purpose, reason: `There is no connection to "${engine}".` };
  }

  /** Starts a file under its name unless the very same already runs, or it is to stay unloaded. */
  async #startFile(config: ModelConfig, digest?: Digest): Promise<void> {
    const { name, purpose } = config;
    if (this.#unloaded.has(name)) return this.#unload(name, purpose, digest);
    const present = this.#entries.get(name);
    if (present?.kind === 'local' && isSame(present, config)) return;
    if (present?.kind === 'unloading' && isSame(present.local, config) && (await present.keep())) {
      this.#entries.set(name, present.local);
      return;
    }
    await this.#stop(name);
    const started = await startLocalModel(this.#parts, config);
    const refused = { kind: 'refused', where: 'here', purpose } as const;
    this.#entries.set(name, typeof started === 'string' ? { ...refused, reason: started } : started);
  }

  /** Takes a model out of use at once; its process ends when it has finished what it had begun. */
  #unload(name: string, purpose: ModelConfig['purpose'], digest: Digest | undefined): void {
    const present = this.#entries.get(name);
    if (isUnloaded(present)) return;
    if (present?.kind !== 'local') {
      this.#entries.set(name, { kind: 'unloaded', purpose, digest });
      return;
    }
    const unloading = new Unloading(present);
    this.#entries.set(name, unloading);
    void this.#whenGone(name, unloading, { kind: 'unloaded', purpose, digest: present.prepared.digest });
  }

  async #whenGone(name: string, unloading: Unloading, unloaded: ModelEntry): Promise<void> {
    const isGone = await unloading.isGone.catch((error: unknown) => {
      this.#parts.logger.error({ error, model: name }, 'model.not_unloaded');
      return false;
    });
    if (isGone && this.#entries.get(name) === unloading) this.#entries.set(name, unloaded);
  }

  async #stop(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    if (entry?.kind === 'local') await entry.engine[Symbol.asyncDispose]();
    if (entry?.kind === 'unloading') await entry.hurry();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reloading.catch(() => undefined);
    await Promise.all([...this.#entries.keys()].map((name) => this.#stop(name)));
    await this.#connections[Symbol.asyncDispose]();
  }
}

/** What the configuration chooses; what was chosen since wins. */
function configuredRoles(engine: EngineConfig): (readonly [ModelRole, string])[] {
  const { answerModel, embeddingModel, rerankingModel } = engine;
  const roles = { answer: answerModel, embedding: embeddingModel, reranking: rerankingModel } as const;
  return ROLES.flatMap((role) => (roles[role] === undefined ? [] : [[role, roles[role]] as const]));
}

function toRole(purpose: ModelEntryStatus['purpose']): ModelRole {
  return purpose === 'chat' ? 'answer' : purpose;
}
