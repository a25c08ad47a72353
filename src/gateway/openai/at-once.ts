/** One of several runs, and what it brought. */
interface Brought<Event> {
  readonly index: number;
  readonly event: Event;
}

/**
 * Runs several streams at once and gives their events as they come. When one fails, or nobody reads on, the others are
 * told to stop and their ends are waited for. @throws what the first to fail threw.
 * @param start begins the stream of an index; `signal` stops it.
 */
export async function* atOnce<Event>(
  count: number,
  start: (index: number, signal: AbortSignal) => AsyncIterable<Event>,
  signal: AbortSignal,
): AsyncGenerator<Brought<Event>> {
  const stop = new AbortController();
  const streams = Array.from({ length: count }, (_, index) =>
    start(index, AbortSignal.any([signal, stop.signal]))[Symbol.asyncIterator](),
  );
  const advance = async (index: number) => ({ index, result: await streams[index]!.next() });
  const open = new Map(streams.map((_, index) => [index, advance(index)]));
  try {
    while (open.size > 0) {
      const { index, result } = await Promise.race(open.values());
      if (result.done === true) {
        open.delete(index);
        continue;
      }
      open.set(index, advance(index));
      yield { index, event: result.value };
    }
  } finally {
    stop.abort();
    await Promise.allSettled(open.values());
    await Promise.allSettled(streams.map(async (stream) => stream.return?.()));
  }
}
