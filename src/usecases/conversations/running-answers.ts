import {
  AppError,
  principalKey,
  type AnswerEvent,
  type AnswerRequest,
  type Principal,
  type TurnPlace,
} from '#core/index.ts';
import { AnswerLog, type NumberedEvent } from './answer-log.ts';
import { checkReachesConversations } from './converse.ts';

export interface RunningDeps {
  /** Watches an answer for as long as it runs: `abort` cuts it when its asker loses their rights. */
  watch(principal: Principal, abort: (reason: AppError) => void): Disposable;
}

/** A turn, named by who reads or stops its answer. */
export type TurnName = Pick<TurnPlace, 'conversationId' | 'turnId'>;

interface Running {
  readonly owner: string;
  readonly log: AnswerLog;
  readonly end: AbortController;
  /** Resolves with the next event, and at the end; then there is another. */
  changed: PromiseWithResolvers<void>;
  state: { readonly isOver: boolean; readonly failure?: { readonly error: unknown } };
}

/** So many answers of one person go on without a reader; one more ends when its reader hangs up. */
const MOST_PER_PERSON = 8;

const ownerOf = (principal: Principal): string => `${principal.tenantId} ${principalKey(principal)}`;

/**
 * Answers that go on when nobody reads them: a page that is loaded again, a line that breaks or a tab that is closed
 * cost nothing. Whoever asked can read on from any event, or stop it. They are in memory until they end: then the
 * conversation holds them.
 */
export class RunningAnswers {
  readonly #deps: RunningDeps;
  readonly #running = new Map<string, Running>();

  constructor(deps: RunningDeps) {
    this.#deps = deps;
  }

  /**
   * Begins an answer and reads it; the reader may leave, by `request.signal` or by reading no further, and come back.
   * @throws {AppError} conflict.state when this turn is being answered already, and whatever the answer throws.
   */
  start(
    request: AnswerRequest & { readonly conversation: TurnPlace },
    answer: (request: AnswerRequest) => AsyncIterable<AnswerEvent>,
  ): AsyncGenerator<NumberedEvent> {
    const { principal, conversation, signal } = request;
    const owner = ownerOf(principal);
    const name = nameOf(owner, conversation);
    if (this.#running.has(name))
      throw new AppError('conflict.state', 'This question is being answered already.');
    const running: Running = {
      owner,
      log: new AnswerLog(),
      end: new AbortController(),
      changed: Promise.withResolvers(),
      state: { isOver: false },
    };
    const isOneTooMany = this.#countOf(owner) >= MOST_PER_PERSON;
    this.#running.set(name, running);
    if (isOneTooMany) signal.addEventListener('abort', () => running.end.abort(), { once: true });
    void this.#run(name, running, answer({ ...request, signal: running.end.signal }), principal);
    return read(running, 0, signal);
  }

  /** Reads an answer from behind its first `after` events. @throws {AppError} answer.not_found when it does not run. */
  follow(
    principal: Principal,
    turn: TurnName,
    { after, signal }: { readonly after: number; readonly signal: AbortSignal },
  ): AsyncGenerator<NumberedEvent> {
    return read(this.#find(principal, turn), after, signal);
  }

  /** Ends an answer; what came so far is kept. @throws {AppError} answer.not_found when it does not run. */
  stop(principal: Principal, turn: TurnName): void {
    this.#find(principal, turn).end.abort();
  }

  #find(principal: Principal, turn: TurnName): Running {
    checkReachesConversations(principal);
    const running = this.#running.get(nameOf(ownerOf(principal), turn));
    if (running === undefined)
      throw new AppError('answer.not_found', 'No answer of yours is being made there.');
    return running;
  }

  #countOf(owner: string): number {
    return this.#running
      .values()
      .filter((running) => running.owner === owner)
      .toArray().length;
  }

  async #run(
    name: string,
    running: Running,
    events: AsyncIterable<AnswerEvent>,
    principal: Principal,
  ): Promise<void> {
    const tell = (): void => {
      running.changed.resolve();
      running.changed = Promise.withResolvers();
    };
    const watched = this.#deps.watch(principal, (reason) => running.end.abort(reason));
    try {
      for await (const event of events) {
        running.log.add(event);
        tell();
      }
      running.state = { isOver: true };
    } catch (error) {
      running.state = { isOver: true, failure: { error } };
    } finally {
      watched[Symbol.dispose]();
      this.#running.delete(name);
      tell();
    }
  }
}

const nameOf = (owner: string, { conversationId, turnId }: TurnName): string =>
  `${owner} ${conversationId} ${turnId}`;

/** Events as they come, to the end or until the reader leaves; text that piled up meanwhile comes in one event. */
async function* read(running: Running, after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
  const gone = Promise.withResolvers<void>();
  const leave = (): void => gone.resolve();
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (let at = after; !signal.aborted;) {
      const { promise } = running.changed;
      for (const numbered of running.log.after(at)) {
        at = numbered.at;
        yield numbered;
      }
      if (running.log.count > at) continue;
      if (running.state.failure !== undefined) throw running.state.failure.error;
      if (running.state.isOver) return;
      await Promise.race([promise, gone.promise]);
    }
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
