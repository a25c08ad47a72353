import type { Clock, JobQueue, Statement, Writer } from '#contracts/index.ts';
import { AppError, type AuditEvent, type JobId, type NewId, type Principal } from '#core/index.ts';
import type { EngineEndpoint, ModelRole, ModelStore } from '#registry/index.ts';
import { encodeAcquire, type AcquirePayload } from './acquire-model.ts';

export interface ChangeModelsDeps {
  readonly writer: Writer;
  readonly models: ModelStore;
  readonly jobs: Pick<JobQueue, 'enqueue' | 'wake'>;
  readonly clock: Clock;
  readonly newId: NewId;
  /** What a name can be chosen for; undefined when it leads to no model. */
  roleOf(name: string): ModelRole | undefined;
  /** `here`, or the engine that a model of this name runs at; undefined when there is no such model. */
  whereIs(name: string): string | undefined;
  /** What is registered changed: start and stop accordingly. */
  onChanged(): Promise<void>;
}

const NAME = /^[a-z0-9][a-z0-9._:-]{0,63}$/;
/** The answerer over documents. */
const RESERVED = 'hradlo';

function checkName(name: string): void {
  if (NAME.test(name) && name !== RESERVED) return;
  throw new AppError(
    'input.invalid',
    `A name has lower-case letters, digits, dots, dashes and colons, at most 64, and is not "${RESERVED}".`,
    { details: { param: 'name' } },
  );
}

/** Changes to the register of models, each with its audit event, acting on the next request. */
export class ChangeModels {
  readonly #deps: ChangeModelsDeps;
  constructor(deps: ChangeModelsDeps) {
    this.#deps = deps;
  }

  /** Queues the work of bringing a model file in; its name works once the job is done. */
  async acquire(principal: Principal, payload: AcquirePayload): Promise<JobId> {
    checkName(payload.name);
    const { writer, jobs, newId } = this.#deps;
    const id = newId('job');
    await writer.write({
      statements: [
        jobs.enqueue({
          id,
          tenantId: principal.tenantId,
          kind: 'model.acquire',
          payload: encodeAcquire(payload),
          requestedBy: principal,
          dedupeKey: payload.name,
        }),
      ],
      audit: [this.#event(principal, 'model.requested', { name: payload.name })],
    });
    jobs.wake();
    return id;
  }

  /**
   * Chooses a model for what it was made for: writing answers over documents, vectors, judging relevance. One that
   * is unloaded is loaded.
   * @throws AppError model.not_found
   */
  async use(principal: Principal, name: string): Promise<ModelRole> {
    const role = this.#deps.roleOf(name);
    if (role === undefined) {
      throw new AppError('model.not_found', `No model that can be used is called "${name}".`, {
        details: { model: name },
      });
    }
    await this.#choose(principal, role, name);
    return role;
  }

  /** Goes back to quoting, or to what is built in. */
  async useNone(principal: Principal, role: ModelRole): Promise<void> {
    await this.#choose(principal, role, undefined);
  }

  #choose(principal: Principal, role: ModelRole, name: string | undefined): Promise<void> {
    const statement = this.#deps.models.choose(role, name, this.#deps.clock.nowMs());
    const loaded = name === undefined ? [] : [this.#deps.models.markLoaded(name)];
    return this.#change(
      [statement, ...loaded],
      this.#event(principal, 'model.chosen', { role, name: name ?? null }),
    );
  }

  /**
   * Takes a model out of memory. Its name, its file, its aliases and what it was chosen for stay; others take its
   * place meanwhile, also after a restart.
   * @throws AppError model.not_found, conflict.state for a model of an engine behind us.
   */
  async unload(principal: Principal, name: string): Promise<void> {
    this.#needLocal(name);
    const { models, clock } = this.#deps;
    await this.#change(
      [models.markUnloaded(name, clock.nowMs())],
      this.#event(principal, 'model.unloaded', { name }),
    );
  }

  /** Loads a model again, from the file that is here. @throws AppError like `unload`. */
  async load(principal: Principal, name: string): Promise<void> {
    this.#needLocal(name);
    await this.#change(
      [this.#deps.models.markLoaded(name)],
      this.#event(principal, 'model.loaded', { name }),
    );
  }

  #needLocal(name: string): void {
    const where = this.#deps.whereIs(name);
    if (where === 'here') return;
    const details = { model: name };
    if (where === undefined)
      throw new AppError('model.not_found', `No model is called "${name}".`, { details });
    throw new AppError(
      'conflict.state',
      `"${name}" runs at the engine "${where}", which loads and unloads its models itself.`,
      { details },
    );
  }

  /** Forgets a name; the file stays until it is collected. @throws AppError model.not_found */
  async remove(principal: Principal, name: string): Promise<void> {
    const known = (await this.#deps.models.listModels()).some((model) => model.name === name);
    if (!known)
      throw new AppError('model.not_found', `No added model is called "${name}".`, {
        details: { model: name },
      });
    await this.#change(
      this.#deps.models.deleteModel(name),
      this.#event(principal, 'model.removed', { name }),
    );
  }

  /** Registers an engine behind us, and one of its models under a name. */
  async addEngine(
    principal: Principal,
    engine: Omit<EngineEndpoint, 'addedAtMs'>,
    model: {
      readonly name: string;
      readonly upstreamModel: string;
      readonly contextTokens: number | undefined;
    },
  ): Promise<void> {
    checkName(engine.name);
    checkName(model.name);
    const addedAtMs = this.#deps.clock.nowMs();
    const { upstreamModel, contextTokens, name } = model;
    const behind = { kind: 'engine', engine: engine.name, upstreamModel } as const;
    await this.#change(
      [
        this.#deps.models.saveEngine({ ...engine, addedAtMs }),
        this.#deps.models.saveModel({ name, purpose: 'chat', behind, contextTokens, addedAtMs }),
      ],
      this.#event(principal, 'engine.added', { engine: engine.name, kind: engine.kind, model: name }),
    );
  }

  /** Forgets an engine and the models behind it. */
  async removeEngine(principal: Principal, name: string): Promise<void> {
    const known = (await this.#deps.models.listEngines()).some((engine) => engine.name === name);
    if (!known) throw new AppError('model.not_found', `No engine is called "${name}".`);
    await this.#change(
      this.#deps.models.deleteEngine(name),
      this.#event(principal, 'engine.removed', { engine: name }),
    );
  }

  /** Gives another name that leads to models in order of preference; no targets take it away. */
  async setAlias(principal: Principal, alias: string, targets: readonly string[]): Promise<void> {
    checkName(alias);
    const { models, clock } = this.#deps;
    const statement =
      targets.length === 0 ? models.deleteAlias(alias) : models.saveAlias(alias, targets, clock.nowMs());
    await this.#change([statement], this.#event(principal, 'alias.changed', { alias, targets }));
  }

  async #change(statements: readonly Statement[], event: AuditEvent): Promise<void> {
    await this.#deps.writer.write({ statements, audit: [event] });
    await this.#deps.onChanged();
  }

  #event({ tenantId, issuer, subject }: Principal, kind: string, fields: AuditEvent['fields']): AuditEvent {
    return { kind, tenantId, actor: { issuer, subject }, atMs: this.#deps.clock.nowMs(), fields };
  }
}
