/** A file as a source lists it, before it is read. */
export interface FoundFile {
  /** Its place in the source, parts joined by `/`; the same file has the same key each time. */
  readonly key: string;
  /** Another one when the file or its sidecar may have changed; cheap to get. */
  readonly stamp: string;
  readonly sizeBytes: number;
}

/** A file as it is now, with what lies beside it. */
export interface FetchedFile {
  /** Its bytes in pieces, to be read once and at once. */
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly sidecar: Uint8Array | undefined;
}

/**
 * Where documents come from: a folder today, a bucket, a site, a repository, a mailbox by the same contract. A
 * source only lists and fetches; what changed, what is new and what is gone is found by comparing with what was
 * taken in before.
 */
export interface DocumentSource {
  /**
   * Every file, each once, in any order. What is gone is not listed.
   * @throws {AppError} source.unavailable when it cannot be listed whole: then nothing counts as gone.
   */
  list(signal: AbortSignal): AsyncIterable<FoundFile>;
  /** The file; undefined when it is gone since it was listed. @throws {AppError} source.unavailable */
  fetch(key: string, signal: AbortSignal): Promise<FetchedFile | undefined>;
  /** Calls back some time after something may have changed; undefined where a source cannot tell. */
  watch?(onChange: () => void): Disposable;
}
