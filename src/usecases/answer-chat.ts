import type { ChatModel, Place } from '#contracts/index.ts';
import type {
  AccessFilter,
  AnswerAsOf,
  AnswerEvent,
  AnswerRequest,
  ChatDelta,
  ChatMessage,
  ChatRequest,
  Evidence,
  MetadataFilters,
  Verdict,
} from '#core/index.ts';
import { Citer, type ChosenSynonyms } from '#rag/index.ts';
import { admitEvidence, admitMessages } from './admit.ts';
import { createTrail, type AnswerTrail } from './answer-trail.ts';
import type { AnswerTarget, OpenRecord } from './answer-record.ts';

/** What the first step decides: what may be read, and which model with which release answers. */
export interface Grant {
  readonly access: AccessFilter;
  readonly target: AnswerTarget;
  readonly validAtMs: number;
  readonly recordedAtMs: number;
  /** Where somebody named the time. */
  readonly asOf?: AnswerAsOf | undefined;
  readonly metadata: MetadataFilters | undefined;
  readonly halfLifeMs?: number | undefined;
  /** The tenant's, where it has some. */
  readonly synonyms?: ChosenSynonyms | undefined;
  /** A place with the model, where it keeps count of them; given back at the end of the answer. */
  readonly place?: Place | undefined;
}

/** What a question was allowed to cost; settled with what it did cost, whatever happened. */
export interface Reservation {
  settle(trail: AnswerTrail): Promise<void>;
}

/** The steps of the pipeline, in their order. */
export interface AnswerDeps {
  /** Runs a step as a span. */
  step<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** @throws AppError auth.forbidden, model.not_found, collection.not_found, engine.overloaded */
  authorize(request: AnswerRequest): Promise<Grant>;
  /** @throws AppError limit.exceeded */
  reserveBudget(request: AnswerRequest, grant: Grant): Promise<Reservation>;
  /** No record, no answer. @throws AppError record.unavailable */
  openRecord(request: AnswerRequest, grant: Grant): Promise<OpenRecord>;
  /** Judges the question; what its verdict admits goes on, and only that. @throws AppError policy.unavailable */
  checkInput(request: AnswerRequest): Promise<Verdict>;
  retrieve(messages: readonly ChatMessage[], grant: Grant): Promise<readonly Evidence[]>;
  /** Judges each piece of evidence, in order. @throws AppError policy.unavailable */
  checkEvidence(evidence: readonly Evidence[], grant: Grant): Promise<readonly Verdict[]>;
  assemblePrompt(
    request: AnswerRequest,
    messages: readonly ChatMessage[],
    evidence: readonly Evidence[],
    synonyms: ChosenSynonyms | undefined,
  ): Promise<ChatRequest>;
  /** Whom to ask when there is no answer; that of the nearest evidence's collection goes first. */
  contactFor(evidence: readonly Evidence[], grant: Grant): Promise<string | undefined>;
  /** @throws AppError engine.overloaded, engine.unavailable */
  chatModelFor(grant: Grant): Promise<ChatModel>;
  /** Watches what goes out, event by event: lets it pass or redacts it. @throws AppError policy.blocked */
  checkOutput(event: AnswerEvent, trail: AnswerTrail): AnswerEvent;
}

/**
 * Answers a question: the one way from a question to an answer, whatever dialect it came in. Each line is a
 * step and a span; a step that nothing is configured for passes everything on and says so. The record is
 * durable before the first event, and closed before the last one, also when the caller hangs up. Where the whole of
 * it is written at its end, every event waits for that.
 */
export async function* answerChat(deps: AnswerDeps, request: AnswerRequest): AsyncGenerator<AnswerEvent> {
  const { step } = deps;
  const trail = createTrail();
  const grant = await step('authorize', () => deps.authorize(request));
  using place = grant.place;
  const reservation = await step('reserve_budget', () => deps.reserveBudget(request, grant));
  let record: OpenRecord | undefined;
  const waiting: AnswerEvent[] = [];
  try {
    record = await step('open_record', () => deps.openRecord(request, grant));
    const verdict = await step('check_input', () => deps.checkInput(request));
    const messages = admitMessages(request.messages, trail.note('input', verdict));
    const found = await step('retrieve', () => deps.retrieve(messages, grant));
    const verdicts = await step('check_evidence', () => deps.checkEvidence(found, grant));
    const evidence = trail.setEvidence(admitEvidence(found, verdicts, trail));
    trail.setContact(await deps.contactFor(evidence, grant));
    const prompt = await step('assemble_prompt', () =>
      deps.assemblePrompt(request, messages, evidence, grant.synonyms),
    );
    trail.setPrompt(prompt);
    const model = await step('chat_model_for', () => deps.chatModelFor(grant));
    trail.setLocation(model.location);
    const outgoing = new Outgoing(deps, evidence, trail);
    if (record.isWrittenWhole) waiting.push(record.start);
    else yield record.start;
    for await (const delta of model.stream(prompt, request.signal, place)) {
      const events = outgoing.take(delta);
      if (record.isWrittenWhole) waiting.push(...events);
      else yield* events;
    }
    if (outgoing.end !== undefined) waiting.push(outgoing.end);
  } catch (error) {
    trail.fail(error);
    throw error;
  } finally {
    // Also when the caller hangs up: tokens were spent, and an unrecorded answer breaks lineage.
    const open = record;
    await step('settle', () => reservation.settle(trail));
    if (open !== undefined) await step('close_record', () => open.close(trail));
  }
  // An answer that is said to be over is on record.
  yield* waiting;
}

/** What a model says on its way out: cited, checked and on the trail. */
class Outgoing {
  readonly #check: AnswerDeps['checkOutput'];
  readonly #citer: Citer;
  readonly #trail: AnswerTrail;
  /** The answer's last event, once the model has ended. It waits until the record is closed. */
  end: AnswerEvent | undefined;

  constructor({ checkOutput }: AnswerDeps, evidence: readonly Evidence[], trail: AnswerTrail) {
    this.#check = checkOutput;
    this.#citer = new Citer(evidence, trail.faults);
    this.#trail = trail;
  }

  take(delta: ChatDelta): readonly AnswerEvent[] {
    const events = this.#citer.take(delta).map((cited) => this.#check(this.#trail.take(cited), this.#trail));
    if (delta.type === 'finish') this.end = events.pop();
    return events;
  }
}
