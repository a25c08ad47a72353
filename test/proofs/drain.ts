import { request, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const STREAMS = 100;

interface Stream {
  readonly isWhole: boolean;
  readonly status: number;
}

/** Opens a streamed answer; resolves when its head is there, with a promise of its end. Reads only when told. */
async function openStream(url: string): Promise<{ readonly ended: Promise<Stream>; read(): void }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(
    new URL('/v1/chat/completions', url),
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    resolve,
  );
  sent.once('error', reject);
  sent.end(
    JSON.stringify({
      model: 'hradlo',
      stream: true,
      messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }],
    }),
  );
  const response = await promise;
  const ended = Promise.withResolvers<Stream>();
  let text = '';
  const finish = () =>
    ended.resolve({ isWhole: text.includes('data: [DONE]'), status: response.statusCode ?? 0 });
  response.once('end', finish);
  response.once('error', finish);
  return {
    ended: ended.promise,
    read() {
      response.setEncoding('utf8');
      response.on('data', (part) => (text += String(part)));
    },
  };
}

export const proof: Proof = {
  promise: 'a server that is told to stop says so at once, ends what it began, and is gone in time',
  async run() {
    using scratch = scratchFolder('drain');
    await using server = await ServerProcess.start({ folder: scratch.path });
    const warm = await server.ask('Jaká je výpovědní lhůta?');
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => openStream(server.url)));
    const stoppedAtMs = performance.now();
    server.kill('SIGTERM');
    let notReadyAfterMs = Number.NaN;
    const statuses: number[] = [];
    for (let look = 0; look < 400 && Number.isNaN(notReadyAfterMs); look++) {
      const { status } = await server.json('GET', '/readyz').catch(() => ({ status: 0 }));
      statuses.push(status);
      if (status !== 200) notReadyAfterMs = performance.now() - stoppedAtMs;
      else await setTimeout(2);
    }
    const late = await server.ask('Kolik dnů dovolené mám?').catch(() => ({ status: 0 }));
    for (const stream of streams) stream.read();
    const ends = await Promise.all(streams.map((stream) => stream.ended));
    await server.exited;
    const goneAfterMs = performance.now() - stoppedAtMs;
    const dropped = ends.filter(({ status, isWhole }) => status === 200 && !isWhole).length;
    const begun = ends.filter(({ status }) => status === 200).length;
    const readiness = `${notReadyAfterMs.toFixed(0)} ms`;
    return {
      figures: [
        informative('a question before', warm.status),
        informative('streams that had begun', `${begun} of ${STREAMS}`),
        judged('streams that had begun and were dropped', dropped, '0', dropped === 0 && begun > 0),
        timing('readiness gone after', readiness, '≤ 100 ms', notReadyAfterMs <= 100),
        judged('readiness says 503', String(statuses.at(-1)), '503', statuses.at(-1) === 503),
        judged('a new question is refused', String(late.status), '503', late.status === 503),
        timing('gone after', `${(goneAfterMs / 1000).toFixed(1)} s`, '≤ 35 s', goneAfterMs <= 35_000),
      ],
    };
  },
};
