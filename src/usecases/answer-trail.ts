import {
  highestDataClass,
  isAppError,
  type AnswerEvent,
  type AnswerGrade,
  type ChatRequest,
  type Citation,
  type DataClass,
  type Evidence,
  type NearbyDocument,
  type SentenceSupport,
  type Usage,
  type Verdict,
} from '#core/index.ts';
import { checkAnswer, type CitationFaults, type CitedDelta } from '#rag/index.ts';

const MAX_NEARBY = 3;

/** What an answer left behind on its way, for the record and the bill. */
export interface AnswerTrail {
  readonly faults: CitationFaults;
  readonly evidence: readonly Evidence[];
  readonly citations: readonly Citation[];
  readonly prompt: ChatRequest | undefined;
  readonly text: string;
  readonly usage: Usage;
  readonly grade: AnswerGrade | undefined;
  readonly state: 'ended' | 'failed' | 'cancelled';
  readonly errorCode: string | undefined;
  /** Where the answer ran, once a model was asked: `here`, or the name of an engine. */
  readonly ranOn: string | undefined;
  readonly dataClass: DataClass;
  /** Rules that judged, by step, each once: what was checked, and that it was. */
  readonly verdicts: Readonly<Record<string, readonly string[]>>;
  note(step: 'input' | 'evidence' | 'output', verdict: Verdict): Verdict;
  setEvidence(evidence: readonly Evidence[]): readonly Evidence[];
  /** Whom to ask when there is no answer. */
  setContact(contact: string | undefined): void;
  setPrompt(prompt: ChatRequest): void;
  setLocation(location: string): void;
  fail(error: unknown): void;
  /** Turns a cited delta into the answer's event and remembers it. */
  take(delta: CitedDelta): AnswerEvent;
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };

/** Documents of the evidence, each once, nearest first. */
function nearbyOf(evidence: readonly Evidence[]): NearbyDocument[] {
  const first = new Map(evidence.toReversed().map((piece) => [piece.documentId, piece]));
  return [...first.values()]
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_NEARBY)
    .map(({ documentId, versionId, collectionId, title, headingPath }) => {
      return { documentId, versionId, collectionId, title, headingPath };
    });
}

/** An answer none of whose sentences is carried by what it cites is at most related. */
function gradeWith(
  grade: AnswerGrade | undefined,
  support: readonly SentenceSupport[],
): AnswerGrade | undefined {
  if (grade !== 'answered' || support.length === 0) return grade;
  const isCarried = support.some(({ verdict }) => verdict === 'quoted' || verdict === 'supported');
  return isCarried ? grade : 'related';
}

class Trail implements AnswerTrail {
  readonly faults: CitationFaults = { unresolvedMarkers: 0, falseQuotes: 0 };
  readonly citations: Citation[] = [];
  evidence: readonly Evidence[] = [];
  prompt: ChatRequest | undefined;
  text = '';
  #contact: string | undefined;
  readonly #parts: { readonly text: string; readonly isQuote: boolean }[] = [];
  usage = NOTHING;
  grade: AnswerGrade | undefined;
  // Until the model's last word arrives, an end means that the caller went away.
  state: 'ended' | 'failed' | 'cancelled' = 'cancelled';
  errorCode: string | undefined;
  ranOn: string | undefined;

  get dataClass(): DataClass {
    const cited = new Set(this.citations.map((citation) => citation.chunkId));
    return highestDataClass(
      this.evidence.filter((piece) => cited.has(piece.chunkId)).map((piece) => piece.dataClass),
    );
  }
  readonly verdicts: Record<string, string[]> = {};

  note(step: 'input' | 'evidence' | 'output', verdict: Verdict): Verdict {
    const said = `${verdict.action}:${verdict.rule}`;
    const list = (this.verdicts[step] ??= []);
    if (!list.includes(said)) list.push(said);
    return verdict;
  }
  setEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
    this.evidence = evidence;
    return evidence;
  }
  setContact(contact: string | undefined): void {
    this.#contact = contact;
  }
  setPrompt(prompt: ChatRequest): void {
    this.prompt = prompt;
  }
  setLocation(location: string): void {
    this.ranOn = location;
  }
  fail(error: unknown): void {
    this.state = 'failed';
    this.errorCode = isAppError(error) ? error.code : 'internal';
  }

  take(delta: CitedDelta): AnswerEvent {
    if (delta.type === 'finish') return this.#finish(delta);
    if (delta.type === 'citation') this.citations.push(delta.citation);
    if (delta.type === 'text-delta') {
      this.text += delta.text;
      // Looked at again only where there is something to compare with.
      if (this.evidence.length > 0) this.#parts.push(delta);
    }
    return delta;
  }

  #finish(delta: Extract<CitedDelta, { type: 'finish' }>): AnswerEvent {
    this.usage = delta.usage;
    const support = delta.grade === 'insufficient' ? [] : this.#check();
    this.grade = gradeWith(delta.grade, support);
    this.ranOn = delta.ranOn ?? this.ranOn;
    this.state = delta.reason === 'cancelled' ? 'cancelled' : 'ended';
    return this.#end({ ...delta, ...(this.grade !== undefined && { grade: this.grade }) }, support);
  }

  /** Only answers over evidence claim to rest on something. */
  #check(): readonly SentenceSupport[] {
    if (this.evidence.length === 0) return [];
    const languages = new Map(this.evidence.map(({ chunkId, language }) => [chunkId, language]));
    const sources = this.citations.map((citation) => {
      return { citation, language: languages.get(citation.chunkId) ?? 'cs' };
    });
    return checkAnswer(this.#parts, sources);
  }

  #end(finish: Extract<CitedDelta, { type: 'finish' }>, support: readonly SentenceSupport[]): AnswerEvent {
    return {
      type: 'answer-end',
      finishReason: finish.reason,
      grade: finish.grade,
      citations: this.citations,
      support,
      nearby: finish.grade === 'answered' ? [] : nearbyOf(this.evidence),
      contact: finish.grade === 'insufficient' || finish.grade === 'related' ? this.#contact : undefined,
      dataClass: this.dataClass,
      usage: finish.usage,
      ...(this.ranOn !== undefined && { ranOn: this.ranOn }),
    };
  }
}

/** A trail with nothing on it yet. */
export function createTrail(): AnswerTrail {
  return new Trail();
}
