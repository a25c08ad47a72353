import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectDigest, type Digest } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';

/** Columns of the tables that this module owns. */
export interface RegistrySchema {
  model_artifact: {
    digest: string;
    size_bytes: number;
    file_name: string;
    source: string;
    revision: string | null;
    licence: string | null;
    approved_template: string | null;
    added_at_ms: number;
  };
  engine_endpoint: {
    name: string;
    kind: string;
    url: string;
    api_key_file: string | null;
    added_at_ms: number;
  };
  model: {
    name: string;
    purpose: string;
    artifact_digest: string | null;
    engine_name: string | null;
    upstream_model: string | null;
    context_tokens: number | null;
    added_at_ms: number;
  };
  model_alias: { alias: string; targets: string; updated_at_ms: number };
  model_role: { role: string; model: string; chosen_at_ms: number };
  model_unloaded: { name: string; unloaded_at_ms: number };
}

export type ModelPurpose = 'chat' | 'embedding' | 'reranking';
const PURPOSES: readonly ModelPurpose[] = ['chat', 'embedding', 'reranking'];

/** What a model may be chosen for: writing answers, vectors of texts, judging relevance. */
export type ModelRole = 'answer' | 'embedding' | 'reranking';
const ROLES: readonly ModelRole[] = ['answer', 'embedding', 'reranking'];

/** A model file that is kept here. */
export interface Artifact {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** As it was called where it came from. */
  readonly fileName: string;
  /** `file` or `hf:org/repo/file.gguf`. */
  readonly source: string;
  readonly revision: string | undefined;
  readonly licence: string | undefined;
  readonly approvedTemplate: string | undefined;
  readonly addedAtMs: number;
}

export interface EngineEndpoint {
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  readonly apiKeyFile: string | undefined;
  readonly addedAtMs: number;
}

/** A name that clients may ask for, and what stands behind it. */
export interface RegisteredModel {
  readonly name: string;
  readonly purpose: ModelPurpose;
  readonly behind:
    | { readonly kind: 'artifact'; readonly digest: Digest }
    | { readonly kind: 'engine'; readonly engine: string; readonly upstreamModel: string };
  readonly contextTokens: number | undefined;
  readonly addedAtMs: number;
}

function toPurpose(text: string): ModelPurpose {
  const found = PURPOSES.find((purpose) => purpose === text);
  if (found === undefined) throw new TypeError('not a purpose of a model');
  return found;
}

function toArtifact(row: RegistrySchema['model_artifact']): Artifact {
  return {
    digest: expectDigest(row.digest),
    sizeBytes: row.size_bytes,
    fileName: row.file_name,
    source: row.source,
    revision: row.revision ?? undefined,
    licence: row.licence ?? undefined,
    approvedTemplate: row.approved_template ?? undefined,
    addedAtMs: row.added_at_ms,
  };
}

function toModel(row: RegistrySchema['model']): RegisteredModel {
  const behind: RegisteredModel['behind'] =
    row.engine_name === null
      ? { kind: 'artifact', digest: expectDigest(row.artifact_digest) }
      : { kind: 'engine', engine: row.engine_name, upstreamModel: row.upstream_model ?? row.name };
  return {
    name: row.name,
    purpose: toPurpose(row.purpose),
    behind,
    contextTokens: row.context_tokens ?? undefined,
    addedAtMs: row.added_at_ms,
  };
}

/** Model files, names, aliases, engines: reads, and the statements that write them. */
export class ModelStore {
  readonly #db: Kysely<RegistrySchema>;
  constructor(db: Kysely<RegistrySchema>) {
    this.#db = db;
  }

  async listModels(): Promise<RegisteredModel[]> {
    return (await this.#db.selectFrom('model').selectAll().orderBy('name').execute()).map(toModel);
  }

  async listEngines(): Promise<EngineEndpoint[]> {
    const rows = await this.#db.selectFrom('engine_endpoint').selectAll().orderBy('name').execute();
    return rows.map((row) => ({
      name: row.name,
      kind: row.kind,
      url: row.url,
      apiKeyFile: row.api_key_file ?? undefined,
      addedAtMs: row.added_at_ms,
    }));
  }

  async findArtifact(digest: Digest): Promise<Artifact | undefined> {
    const row = await this.#db
      .selectFrom('model_artifact')
      .selectAll()
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row && toArtifact(row);
  }

  /** Aliases with the models that each leads to, most preferred first. */
  async listAliases(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.#db.selectFrom('model_alias').selectAll().orderBy('alias').execute();
    return new Map(
      rows.map((row) => {
        const targets: unknown = JSON.parse(row.targets);
        if (!Array.isArray(targets)) throw new TypeError('not the targets of an alias');
        return [row.alias, targets.map(String)];
      }),
    );
  }

  /** Which model was chosen for what. Without one answers are quoted, and what is built in does the rest. */
  async listChosen(): Promise<ReadonlyMap<ModelRole, string>> {
    const rows = await this.#db.selectFrom('model_role').select(['role', 'model']).execute();
    return new Map(
      rows.flatMap(({ role, model }) => {
        const known = ROLES.find((each) => each === role);
        return known === undefined ? [] : [[known, model] as const];
      }),
    );
  }

  /** Names of models that stay unloaded until somebody loads them again. */
  async listUnloaded(): Promise<ReadonlySet<string>> {
    const rows = await this.#db.selectFrom('model_unloaded').select('name').execute();
    return new Set(rows.map(({ name }) => name));
  }

  /** From now on, and after every start, the model is not loaded. */
  markUnloaded(name: string, nowMs: number): Statement {
    return toStatement(
      this.#db
        .insertInto('model_unloaded')
        .values({ name, unloaded_at_ms: nowMs })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .compile(),
    );
  }

  /** From now on the model is loaded; nothing changes for one that was not unloaded. */
  markLoaded(name: string): Statement {
    return toStatement(this.#db.deleteFrom('model_unloaded').where('name', '=', name).compile());
  }

  saveArtifact(artifact: Artifact): Statement {
    return toStatement(
      this.#db
        .insertInto('model_artifact')
        .values({
          digest: artifact.digest,
          size_bytes: artifact.sizeBytes,
          file_name: artifact.fileName,
          source: artifact.source,
          revision: artifact.revision ?? null,
          licence: artifact.licence ?? null,
          approved_template: artifact.approvedTemplate ?? null,
          added_at_ms: artifact.addedAtMs,
        })
        .onConflict((conflict) =>
          conflict.column('digest').doUpdateSet({ approved_template: artifact.approvedTemplate ?? null }),
        )
        .compile(),
    );
  }

  /** Gives a name to a model; a name that is taken leads to the new one from now on. */
  saveModel(model: RegisteredModel): Statement {
    const { behind } = model;
    const values = {
      purpose: model.purpose,
      artifact_digest: behind.kind === 'artifact' ? behind.digest : null,
      engine_name: behind.kind === 'engine' ? behind.engine : null,
      upstream_model: behind.kind === 'engine' ? behind.upstreamModel : null,
      context_tokens: model.contextTokens ?? null,
      added_at_ms: model.addedAtMs,
    };
    return toStatement(
      this.#db
        .insertInto('model')
        .values({ name: model.name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .compile(),
    );
  }

  deleteModel(name: string): Statement[] {
    return [
      toStatement(this.#db.deleteFrom('model').where('name', '=', name).compile()),
      toStatement(this.#db.deleteFrom('model_role').where('model', '=', name).compile()),
      this.markLoaded(name),
    ];
  }

  saveEngine(engine: EngineEndpoint): Statement {
    const values = {
      kind: engine.kind,
      url: engine.url,
      api_key_file: engine.apiKeyFile ?? null,
      added_at_ms: engine.addedAtMs,
    };
    return toStatement(
      this.#db
        .insertInto('engine_endpoint')
        .values({ name: engine.name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .compile(),
    );
  }

  /** Forgets an engine and the models behind it. */
  deleteEngine(name: string): Statement[] {
    return [
      toStatement(this.#db.deleteFrom('model').where('engine_name', '=', name).compile()),
      toStatement(this.#db.deleteFrom('engine_endpoint').where('name', '=', name).compile()),
    ];
  }

  saveAlias(alias: string, targets: readonly string[], nowMs: number): Statement {
    const values = { targets: JSON.stringify(targets), updated_at_ms: nowMs };
    return toStatement(
      this.#db
        .insertInto('model_alias')
        .values({ alias, ...values })
        .onConflict((conflict) => conflict.column('alias').doUpdateSet(values))
        .compile(),
    );
  }

  deleteAlias(alias: string): Statement {
    return toStatement(this.#db.deleteFrom('model_alias').where('alias', '=', alias).compile());
  }

  /** Chooses a model for something; undefined goes back to quoting, or to what is built in. */
  choose(role: ModelRole, model: string | undefined, nowMs: number): Statement {
    if (model === undefined) {
      return toStatement(this.#db.deleteFrom('model_role').where('role', '=', role).compile());
    }
    const values = { model, chosen_at_ms: nowMs };
    return toStatement(
      this.#db
        .insertInto('model_role')
        .values({ role, ...values })
        .onConflict((conflict) => conflict.column('role').doUpdateSet(values))
        .compile(),
    );
  }
}
