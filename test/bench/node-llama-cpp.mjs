// The yardstick: the public API of node-llama-cpp, installed into a folder of its own, on the same file. Run as
//   node node-llama-cpp.mjs <folder with node_modules> '<JSON of a task>'
// and it prints one line of JSON. Tasks: { kind: 'loop' } for closed-loop clients, { kind: 'tokens' } for greedy tokens
// with the probabilities of the first few at each place, so that a close call can be told from a difference.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, json] = process.argv.slice(2);
const task = JSON.parse(json);
const { getLlama } = await import(
  pathToFileURL(join(folder, 'node_modules/node-llama-cpp/dist/index.js')).href
);
const llama = await getLlama({
  build: 'never',
  gpu: false,
  skipDownload: true,
  progressLogs: false,
  logLevel: 'error',
  maxThreads: task.threads,
});
const model = await llama.loadModel({ modelPath: task.modelPath });
const context = await model.createContext({
  contextSize: task.contextTokens,
  sequences: task.streams,
  threads: task.threads,
  batchSize: 512,
});

async function run(sequence, text, outputTokens) {
  const tokens = [model.tokens.bos, ...model.tokenize(text)];
  const startedAt = performance.now();
  const output = [];
  let firstMs;
  let lastAt = startedAt;
  const gapsMs = [];
  for await (const token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
    const now = performance.now();
    if (firstMs === undefined) firstMs = now - startedAt;
    else gapsMs.push(now - lastAt);
    lastAt = now;
    output.push(token);
    if (output.length >= outputTokens || model.isEogToken(token)) break;
  }
  return { output, firstMs, gapsMs, inputTokens: tokens.length };
}

/** Greedy tokens, and for each place the likeliest few with their probabilities. */
async function runTokens(sequence, text, outputTokens) {
  const tokens = [model.tokens.bos, ...model.tokenize(text)];
  const output = [];
  const likeliest = [];
  const steps = sequence.evaluateWithMetadata(
    tokens,
    { probabilities: true },
    { temperature: 0, yieldEogToken: true },
  );
  for await (const { token, probabilities } of steps) {
    output.push(token);
    likeliest.push([...probabilities].slice(0, 4));
    if (output.length >= outputTokens || model.isEogToken(token)) break;
  }
  return { output, likeliest, firstMs: 0, gapsMs: [], inputTokens: tokens.length };
}

const sequences = Array.from({ length: task.streams }, () => context.getSequence());
await run(sequences[0], 'warm up', 4);
await sequences[0].clearHistory();
const waiting = task.prompts.map((text, index) => ({ text, index }));
const answers = [];
const processorBefore = process.cpuUsage();
const startedAt = performance.now();
await Promise.all(
  sequences.map(async (sequence) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await sequence.clearHistory();
      answers[next.index] = await (task.kind === 'tokens' ? runTokens : run)(
        sequence,
        next.text,
        task.outputTokens,
      );
    }
  }),
);
const seconds = (performance.now() - startedAt) / 1000;
const used = process.cpuUsage(processorBefore);
process.stdout.write(
  `${JSON.stringify({
    seconds,
    processorSeconds: (used.user + used.system) / 1e6,
    outputTokens: answers.reduce((sum, answer) => sum + answer.output.length, 0),
    firstMs: answers.map((answer) => answer.firstMs),
    gapsMs: answers.flatMap((answer) => answer.gapsMs),
    ...(task.kind === 'tokens' && {
      tokens: answers.map((answer) => answer.output),
      likeliest: answers.map((answer) => answer.likeliest),
    }),
  })}\n`,
);
process.exit(0);
