import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '../support/scratch.ts';
import type { WriterBench } from '../support/writer-bench.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const BENCH = fileURLToPath(new URL('../support/writer-bench.ts', import.meta.url));
const WRITERS = 64;
const TARGET_RATIO = 20;
const TARGET_FSYNCS = 20;
/** Below this the disk does not wait for its medium: there is next to nothing to share. */
const TELLING_FSYNC_MS = 1;
/** What a simulated medium takes longer, in microseconds: an ordinary disk of a server. */
const MEDIUM_US = 2_000;

/** Runs the program that measures; under strace, which holds every fsync back, to stand for a medium. */
function bench(
  folder: string,
  { durationMs, isSimulated }: { durationMs: number; isSimulated: boolean },
): WriterBench {
  const calls = 'fsync,fdatasync';
  const medium = ['-e', `trace=${calls}`, '-e', `inject=${calls}:delay_exit=${MEDIUM_US}`];
  const under = isSimulated ? ['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', ...medium] : [];
  const command = [
    ...under,
    process.execPath,
    '--no-warnings',
    BENCH,
    folder,
    String(WRITERS),
    String(durationMs),
  ];
  const text = execFileSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  return JSON.parse(text.trim().split('\n').at(-1)!) as WriterBench;
}

function figuresOf(found: WriterBench, where: string, isJudged: boolean): Figure[] {
  const { fsyncMs, alonePerSecond, togetherPerSecond, p99Ms, acknowledged, kept } = found;
  const ratio = togetherPerSecond / alonePerSecond;
  const fsyncs = p99Ms / fsyncMs.p50;
  const figure: typeof timing = isJudged ? timing : (name, value) => informative(name, value);
  return [
    judged(
      `${where}: acknowledged units that are there`,
      kept >= acknowledged ? 'all' : `${kept} of ${acknowledged}`,
      'all',
      kept >= acknowledged,
    ),
    informative(
      `${where}: one fsync, p50 and p99`,
      `${fsyncMs.p50.toFixed(2)} ms, ${fsyncMs.p99.toFixed(2)} ms`,
    ),
    informative(
      `${where}: units a second, one writer and ${WRITERS}`,
      `${alonePerSecond.toFixed(0)}, ${togetherPerSecond.toFixed(0)}`,
    ),
    figure(
      `${where}: ${WRITERS} writers against one`,
      `${ratio.toFixed(1)} times`,
      `≥ ${TARGET_RATIO}`,
      ratio >= TARGET_RATIO,
    ),
    figure(
      `${where}: p99 of ${WRITERS} writers`,
      `${p99Ms.toFixed(1)} ms = ${fsyncs.toFixed(1)} fsyncs`,
      `≤ ${TARGET_FSYNCS}`,
      fsyncs <= TARGET_FSYNCS,
    ),
  ];
}

export const proof: Proof = {
  promise: 'many writers share one fsync, and none waits long for it',
  async run({ isQuick }) {
    using folder = scratchFolder('group-commit');
    const durationMs = isQuick ? 1_200 : 9_000;
    const own = bench(join(folder.path, 'own'), { durationMs, isSimulated: false });
    const isTelling = own.fsyncMs.p50 >= TELLING_FSYNC_MS;
    const figures = figuresOf(own, 'this disk', isTelling);
    if (isTelling) return { figures };
    const simulated = bench(join(folder.path, 'simulated'), { durationMs, isSimulated: true });
    return {
      figures: [...figures, ...figuresOf(simulated, 'simulated medium', true)],
      note: `an fsync of this machine returns before a medium could have written: judged is a SIMULATED medium, where strace holds every fsync back by ${MEDIUM_US / 1000} ms`,
    };
  },
};
