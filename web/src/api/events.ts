/** Short answers come piece by piece. */
const AT_ONCE = 24;
const TOGETHER_MS = 30;

/**
 * The `data:` objects of a stream of server-sent events, whole ones only: a stream that is cut yields what came
 * complete. `[DONE]` is left out; what is not JSON is skipped.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let chunks = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      chunks += 1;
      // Each piece that is read wakes the page: of a long stream many are read at once.
      if (chunks > AT_ONCE) await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.map(toEvent).filter((event) => event !== undefined);
    }
  } finally {
    // Leaving early hangs up, so that the server stops its work.
    await reader.cancel().catch(() => undefined);
  }
}

function toEvent(line: string): unknown {
  if (!line.startsWith('data: ') || line === 'data: [DONE]') return undefined;
  try {
    const event: unknown = JSON.parse(line.slice('data: '.length));
    return event;
  } catch {
    return undefined;
  }
}
