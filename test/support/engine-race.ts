import {
  ask,
  filler,
  percentile,
  processorSeconds,
  startBenchEngine,
  type TimedAnswer,
} from './engine-bench.ts';
import { SHAPES, writeGguf } from './tiny-gguf.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runYardstick, type LoopResult } from './yardstick.ts';

/** One load for both: `requests` prompts, taken by `streams` clients each as soon as it is free. */
export interface Race {
  readonly streams: number;
  readonly threads: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly requests: number;
  /** Turns each; the two alternate, so that the load of the machine falls on both alike. */
  readonly rounds: number;
}

/** Medians over the turns, ours divided by the yardstick's. */
export interface RaceResult {
  readonly throughput: number;
  /** The same per second of processor time: holds on a busy machine too. */
  readonly throughputPerProcessor: number;
  readonly firstToken: number;
  readonly decode: number;
  readonly ours: string;
  readonly yardstick: string;
}

/** The shape of a common model of 135 million parameters; weights are random. */
export async function runRace(race: Race): Promise<RaceResult> {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-race-'));
  const modelPath = join(folder, 'model.gguf');
  writeGguf(modelPath, SHAPES.m135, { weights: 'q8_0', spread: 0.05 });
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  try {
    for (let round = 0; round < race.rounds; round++) {
      const prompts = Array.from(
        { length: race.requests },
        (_, index) => `${round} ${index} ${filler(race.promptTokens, round * 1000 + index + 1)}`,
      );
      ours.push(figuresOf(await runOurs(race, prompts, modelPath)));
      theirs.push(
        figuresOf(
          await runYardstick({
            kind: 'loop',
            modelPath,
            threads: race.threads,
            streams: race.streams,
            contextTokens: contextTokens(race),
            prompts,
            outputTokens: race.outputTokens,
          }),
        ),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = (pick: (figures: Figures) => number) =>
    percentile(
      ours.map((figures, index) => pick(figures) / pick(theirs[index]!)),
      0.5,
    );
  return {
    throughput: ratio(({ tokensPerSecond }) => tokensPerSecond),
    throughputPerProcessor: ratio(({ tokensPerProcessorSecond }) => tokensPerProcessorSecond),
    firstToken: ratio(({ firstMs }) => firstMs),
    decode: ratio(({ decodePerSecond }) => decodePerSecond),
    ours: describe(ours),
    yardstick: describe(theirs),
  };
}

interface Figures {
  readonly tokensPerSecond: number;
  readonly tokensPerProcessorSecond: number;
  readonly firstMs: number;
  readonly decodePerSecond: number;
}

function contextTokens(race: Race): number {
  return race.promptTokens * 2 + race.outputTokens + 128;
}

function figuresOf(result: LoopResult): Figures {
  const gaps = result.gapsMs.reduce((sum, gap) => sum + gap, 0);
  return {
    tokensPerSecond: result.outputTokens / result.seconds,
    tokensPerProcessorSecond: result.outputTokens / result.processorSeconds,
    firstMs: percentile(result.firstMs, 0.5),
    decodePerSecond: (result.gapsMs.length / gaps) * 1000,
  };
}

function describe(figures: readonly Figures[]): string {
  const median = (pick: (each: Figures) => number) => percentile(figures.map(pick), 0.5);
  const first = median(({ firstMs }) => firstMs).toFixed(0);
  return `${median(({ tokensPerSecond }) => tokensPerSecond).toFixed(1)} tok/s, first token p50 ${first} ms`;
}

async function runOurs(race: Race, prompts: readonly string[], modelPath: string): Promise<LoopResult> {
  const perStream = contextTokens(race);
  await using bench = startBenchEngine({
    modelPath,
    shape: SHAPES.m135,
    config: { threads: race.threads, maxWaitMs: 1e9, answerTimeoutMs: 1e9 },
    model: {
      streams: race.streams,
      contextTokens: perStream,
      cacheTokens: perStream * race.streams,
    },
  });
  await bench.ready();
  await ask(bench.model, 'warm up', { maxOutputTokens: 4 });
  const waiting = [...prompts];
  const answers: TimedAnswer[] = [];
  const before = { child: processorSeconds(bench.pid()), own: process.cpuUsage() };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: race.streams }, async () => {
      for (let text = waiting.shift(); text !== undefined; text = waiting.shift())
        answers.push(await ask(bench.model, text, { maxOutputTokens: race.outputTokens }));
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const own = process.cpuUsage(before.own);
  return {
    seconds,
    processorSeconds: processorSeconds(bench.pid()) - before.child + (own.user + own.system) / 1e6,
    outputTokens: answers.reduce((sum, answer) => sum + answer.outputTokens, 0),
    firstMs: answers.map((answer) => answer.firstMs),
    gapsMs: answers.flatMap((answer) => tokenGaps(answer)),
  };
}

/** Time per token after the first. Texts are not tokens: a character may take several. */
function tokenGaps(answer: TimedAnswer): number[] {
  const count = answer.outputTokens - 1;
  const spent = answer.totalMs - answer.firstMs;
  return Array.from({ length: count }, () => spent / count);
}
