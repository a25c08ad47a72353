import { askCounting, askReading } from '#test/stream-client.ts';
import { MISBEHAVIOURS, startFaultEngine, type Misbehaviour } from '#test/fault-engine.ts';
import { scratchFolder } from '#test/scratch.ts';
import { ServerProcess } from '#test/server-process.ts';
import { informative, judged, type Proof } from './proof.ts';

const FIRST_BYTE_MS = 4_000;
const IDLE_MS = 3_000;
/** Two attempts, each until its first byte, or one until it falls silent; and what the machine adds. */
const NONE_OUTLASTS_MS = 2 * FIRST_BYTE_MS + IDLE_MS + 2_000;
const WHOLE = 'Dva měsíce.';
const SECRET = 'tajné';

/** What a client saw of one misbehaviour in one manner of asking. */
interface Seen {
  readonly name: string;
  readonly isStream: boolean;
  readonly fault: string | undefined;
  readonly totalMs: number;
}

/** Texts of the deltas of a stream, or of a whole answer; and the error's code in either. */
function readAnswer(
  body: string,
  isStream: boolean,
): { text: string; error: string | undefined; isDone: boolean } {
  if (!isStream) {
    const parsed = JSON.parse(body);
    const text = parsed.choices?.[0]?.message?.content ?? '';
    return { text, error: parsed.error?.code, isDone: parsed.error === undefined };
  }
  let [text, isDone] = ['', false];
  let error: string | undefined;
  if (!body.startsWith('data: ')) return { text, error: JSON.parse(body).error?.code, isDone };
  for (const event of body.split('\n\n').filter((part) => part !== '')) {
    const data = event.replace(/^data: /, '');
    if (data === '[DONE]') isDone = true;
    else {
      const parsed = JSON.parse(data);
      text += parsed.choices?.[0]?.delta?.content ?? '';
      error ??= parsed.error?.code;
    }
  }
  return { text, error, isDone };
}

/** What is wrong with how a misbehaviour came through; undefined when nothing is. */
function faultOf(
  { expected }: Misbehaviour,
  answer: { readonly status: number; readonly body: string; readonly totalMs: number },
  isStream: boolean,
): string | undefined {
  if (answer.totalMs > NONE_OUTLASTS_MS) return `took ${answer.totalMs.toFixed(0)} ms`;
  if (answer.body.includes(SECRET)) return 'words of the engine came through';
  let read: ReturnType<typeof readAnswer>;
  try {
    read = readAnswer(answer.body, isStream);
  } catch {
    return `garbled: ${answer.body.slice(0, 80)}`;
  }
  if (!WHOLE.startsWith(read.text)) return `text that was not sent: ${read.text.slice(0, 40)}`;
  if (expected === 'answer')
    return answer.status === 200 && read.text === WHOLE && read.isDone
      ? undefined
      : `no answer: ${answer.status}`;
  if (read.error === undefined || read.isDone) return 'a failure that looks like an answer';
  // What broke right behind its first text may be refused as a whole.
  if (isStream && expected === 'error-after-text' && answer.status === 200) return undefined;
  return answer.status >= 400 && answer.status < 600 && answer.status !== 500
    ? undefined
    : `${answer.status}`;
}

async function play(server: ServerProcess, misbehaviour: Misbehaviour, index: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const isStream of [true, false]) {
    await using engine = await startFaultEngine(misbehaviour);
    const name = `fault-${index}-${isStream ? 's' : 'w'}`;
    const added = await server.json('POST', '/admin/v1/engines', { name, url: engine.url, model: 'm' });
    if (added.status !== 200) throw new Error(`the engine was not added: ${JSON.stringify(added.body)}`);
    const url = new URL('/v1/chat/completions', server.url);
    const messages = [{ role: 'user', content: 'Jak dlouho?' }];
    const answer = await askReading(url, { model: name, stream: isStream, messages });
    const fault = faultOf(misbehaviour, answer, isStream);
    seen.push({ name: misbehaviour.name, isStream, fault, totalMs: answer.totalMs });
  }
  return seen;
}

export const proof: Proof = {
  promise:
    'whatever an engine behind us does, nothing garbled gets through and nobody waits beyond the timeouts',
  async run() {
    using folder = scratchFolder('fault-proxy');
    await using server = await ServerProcess.start({
      folder: folder.path,
      flags: [
        '--samples.load',
        'false',
        '--engine.upstreamFirstByteMs',
        String(FIRST_BYTE_MS),
        '--engine.upstreamIdleMs',
        String(IDLE_MS),
      ],
    });
    const seen: Seen[] = [];
    for (let at = 0; at < MISBEHAVIOURS.length; at += 3) {
      const some = MISBEHAVIOURS.slice(at, at + 3);
      seen.push(...(await Promise.all(some.map((each, index) => play(server, each, at + index)))).flat());
    }
    const faults = seen.filter(({ fault }) => fault !== undefined);
    const slowest = Math.max(...seen.map(({ totalMs }) => totalMs));
    const after = await askCounting(new URL('/v1/chat/completions', server.url), {
      model: 'hradlo',
      messages: [{ role: 'user', content: 'Jsi tu?' }],
    });
    return {
      figures: [
        judged(
          'misbehaviours played, each streamed and whole',
          MISBEHAVIOURS.length,
          '≥ 25',
          MISBEHAVIOURS.length >= 25,
        ),
        judged(
          'of them not mastered',
          faults
            .map(({ name, isStream, fault }) => `${name} (${isStream ? 'streamed' : 'whole'}): ${fault}`)
            .join('; ') || 0,
          '0',
          faults.length === 0,
        ),
        informative('slowest', `${slowest.toFixed(0)} ms; allowed ${NONE_OUTLASTS_MS} ms`),
        judged('the product answers on', after.status, '200', after.status === 200),
      ],
    };
  },
};
