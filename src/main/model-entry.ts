import type { ChatModel } from '#contracts/index.ts';
import type { Digest } from '#core/index.ts';
import type { Engine } from '#engine/index.ts';
import type { ModelPurpose } from '#registry/index.ts';
import type { LocalModel } from './start-local-model.ts';
import type { Unloading } from './unloading.ts';

/** A model of an engine behind us. */
interface UpstreamModel {
  readonly kind: 'upstream';
  readonly chat: ChatModel;
  readonly engine: string;
}

/** A model that was registered and could not be started, with the reason. */
interface RefusedModel {
  readonly kind: 'refused';
  /** `here`, or the name of its engine. */
  readonly where: string;
  readonly purpose: ModelPurpose;
  readonly reason: string;
}

/** A model that somebody unloaded: its name and its file stay, and it takes no memory. */
interface UnloadedModel {
  readonly kind: 'unloaded';
  readonly purpose: ModelPurpose;
  /** Undefined for one that the configuration names and that has not been loaded since the start. */
  readonly digest: Digest | undefined;
}

/** What stands behind a name. */
export type ModelEntry = LocalModel | UpstreamModel | RefusedModel | Unloading | UnloadedModel;

/** How a model fares. */
export interface ModelEntryStatus {
  readonly name: string;
  /** `here`, or the name of the engine behind us. */
  readonly where: string;
  readonly state: string;
  /** How much is loaded, 0 to 1; undefined for what is not loading. */
  readonly loadedRatio: number | undefined;
  readonly purpose: ModelPurpose;
  readonly stats: Record<string, unknown> | undefined;
  /** What it takes while it is loaded. */
  readonly memoryBytes: number | undefined;
  /** Why it does not answer; undefined for one that does, and for one that was unloaded. */
  readonly reason: string | undefined;
}

const NOTHING = { loadedRatio: undefined, stats: undefined, memoryBytes: undefined, reason: undefined };

/** How what stands behind a name fares. */
export function statusOf(name: string, entry: ModelEntry): ModelEntryStatus {
  if (entry.kind === 'local') return localStatus(name, entry);
  if (entry.kind === 'unloading')
    return { ...localStatus(name, entry.local), state: 'unloading', loadedRatio: undefined };
  if (entry.kind === 'upstream')
    return { ...NOTHING, name, where: entry.engine, state: 'ready', purpose: 'chat' };
  const { purpose } = entry;
  return entry.kind === 'unloaded'
    ? { ...NOTHING, name, where: 'here', state: 'unloaded', purpose }
    : { ...NOTHING, name, where: entry.where, state: 'refused', purpose, reason: entry.reason };
}

function localStatus(name: string, { prepared, engine }: LocalModel): ModelEntryStatus {
  const [status] = engine.status();
  const state = status?.state;
  return {
    name,
    where: 'here',
    state: state?.state ?? 'stopped',
    loadedRatio: state?.state === 'loading' ? state.loadedRatio : undefined,
    purpose: prepared.config.purpose,
    stats: figuresOf(status),
    memoryBytes: prepared.memoryBytes,
    reason: state !== undefined && 'reason' in state ? state.reason : undefined,
  };
}

/** What a model does and how its last answers went; undefined while its process has not said. */
function figuresOf(status: ReturnType<Engine['status']>[number] | undefined) {
  if (status?.stats === undefined) return undefined;
  const { stats, queuedMs, firstTokenMs } = status;
  return { ...stats, ...(queuedMs && { queuedMs }), ...(firstTokenMs && { firstTokenMs }) };
}

/** The model that a name can chat with; undefined for encoders and for what does not run. */
export function chatOf(name: string, entry: ModelEntry | undefined): ChatModel | undefined {
  if (entry?.kind === 'upstream') return entry.chat;
  return entry?.kind === 'local' ? entry.engine.chatModel(name) : undefined;
}

/** Whether somebody unloaded it, though it may still be finishing what it had begun. */
export function isUnloaded(entry: ModelEntry | undefined): boolean {
  return entry?.kind === 'unloaded' || entry?.kind === 'unloading';
}

/** The file that runs or would run; undefined when that is not known. */
export function digestOfEntry(entry: ModelEntry): Digest | undefined {
  if (entry.kind === 'local') return entry.prepared.digest;
  if (entry.kind === 'unloading') return entry.local.prepared.digest;
  return entry.kind === 'unloaded' ? entry.digest : undefined;
}
