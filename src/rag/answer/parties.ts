import type { Evidence } from '#core/index.ts';
import type { ChunkView } from './sentence-view.ts';

/** Where a document begins, in characters: what stands later speaks for its own passage only. */
const OPENING = 400;
const NAMES_PARTIES =
  /dále jen|ďalej len|smluvní stran|zmluvn|uzavřen|hereinafter|\("|between .+ and |parties|(?<![\p{L}])(?:s\. ?r\. ?o\.|a\. ?s\.|spol\. s|z\. ?s\.|o\. ?p\. ?s\.|ltd|inc|gmbh|llc|plc)(?!\p{L})/iu;

/** A piece of evidence with its view. */
interface Viewed {
  readonly evidence: Pick<Evidence, 'versionId' | 'span'>;
  readonly view: ChunkView;
}

/**
 * The names of a contract's parties, by its version: its opening says once between whom it is, and every article speaks
 * of them by their roles. Only of documents whose opening was found too.
 */
export function findParties(viewed: readonly Viewed[]): ReadonlyMap<string, ReadonlySet<string>> {
  const parties = new Map<string, ReadonlySet<string>>();
  for (const { evidence, view } of viewed) {
    if (evidence.span.start > OPENING) continue;
    const naming = view.sentences.filter(({ text }) => NAMES_PARTIES.test(text));
    if (naming.length > 0)
      parties.set(evidence.versionId, new Set(naming.flatMap(({ stems }) => [...stems])));
  }
  return parties;
}
