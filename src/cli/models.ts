import { AcquireModelResponse, ModelResponse, ModelsResponse, UseModelResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command, CommandCall } from './command.ts';
import { followJob } from './follow-job.ts';

/** `Qwen3-0.6B-Q4_K_M.gguf` is called `qwen3-0.6b-q4_k_m`. */
function nameOf(source: string): string {
  const file = source.split('/').at(-1) ?? source;
  return file
    .replace(/@.*$/, '')
    .replace(/\.gguf$/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-');
}

const TASKS = new Map([
  ['chat', 'write the answers'],
  ['embedding', 'make the vectors'],
  ['reranking', 'judge what was found'],
]);

async function acquire({ client, values, print }: CommandCall, source: string): Promise<void> {
  const name = values.as ?? nameOf(source);
  const body = {
    source,
    name,
    ...(values.purpose !== undefined && { purpose: values.purpose }),
    ...(values.approve !== undefined && { approvedTemplate: values.approve }),
  };
  const { jobId } = AcquireModelResponse.parse(await client.json('POST', '/admin/v1/models', body));
  await followJob(client, jobId, print);
  const task = TASKS.get(values.purpose ?? 'chat') ?? 'be used';
  print(`${name} is here. Let it ${task}: hradlo model use ${name}\n`);
}

async function list({ client, values, print }: CommandCall): Promise<void> {
  const body = await client.json('GET', '/admin/v1/models');
  if (values.json) return print(`${JSON.stringify(body, null, 2)}\n`);
  const { models, aliases, ...chosen } = ModelsResponse.parse(body);
  const { answerModel } = chosen;
  const isAway = models.some(({ name, state }) => name === answerModel && state.startsWith('unload'));
  const inUse = new Set([answerModel, chosen.embeddingModel, chosen.rerankingModel]);
  for (const { name, purpose, where, reason, ...model } of models) {
    const percent = model.loadedRatio === null ? '' : ` ${Math.round(model.loadedRatio * 100)} %`;
    const state = `${model.state}${percent}`;
    const mark = inUse.has(name) ? '*' : ' ';
    print(`${mark} ${name.padEnd(32)} ${state.padEnd(10)} ${purpose.padEnd(10)} ${where}  ${reason ?? ''}\n`);
  }
  for (const { alias, targets } of aliases) print(`  ${alias} -> ${targets.join(', ')}\n`);
  if (answerModel === null) print('Answers are quoted.\n');
  else if (isAway) print(`Answers are quoted until ${answerModel} is loaded.\n`);
  else print(`Answers are written by ${answerModel}.\n`);
  print(saidOf(chosen.embedding));
}

/** How the vectors of the chosen model stand; nothing where none was chosen. */
function saidOf({ state, inUse, done, total, reason }: ModelsResponse['embedding']): string {
  if (state === 'built-in') return '';
  if (state === 'in-use') return `Searched by the vectors of ${inUse}.\n`;
  if (state === 'unloaded') return `Searched by the vectors of ${inUse} until the chosen model is loaded.\n`;
  const said =
    state === 'failed' ? `could not be made: ${reason ?? ''}` : `are made: ${done ?? 0} of ${total ?? 0}`;
  return `Its vectors ${said}. Searched by those of ${inUse} meanwhile.\n`;
}

const IN_USE = {
  answer: (name: string) => `Answers are written by ${name} from now on.\n`,
  embedding: (name: string) =>
    `Vectors are made by ${name} from now on. They count once every passage has its own: hradlo model.\n`,
  reranking: (name: string) => `What is found is judged by ${name} from now on.\n`,
} as const;
const NONE_IN_USE = {
  answer: 'Answers are quoted from now on.\n',
  embedding: 'Vectors are made by the built-in model from now on.\n',
  reranking: 'What is found is not judged again from now on.\n',
} as const;

/** A model is used for what it was made for; `none` takes it away, for answers or what --purpose says. */
async function use({ client, values, print }: CommandCall, word: string): Promise<void> {
  const isNone = word === 'none';
  const purpose = values.purpose === 'chat' ? 'answer' : values.purpose;
  const body = isNone ? { name: null, ...(purpose !== undefined && { role: purpose }) } : { name: word };
  const { role } = UseModelResponse.parse(await client.json('PUT', '/admin/v1/answer-model', body));
  print(isNone ? NONE_IN_USE[role] : IN_USE[role](word));
}

const LOOK_EVERY_MS = 300;
const ON_THE_WAY = new Set(['loading', 'restarting', 'unloading']);

/** Says how far a model is until it is where it was sent; stopping the command does not stop the model. */
async function follow({ client, print }: CommandCall, begun: ModelResponse): Promise<ModelResponse> {
  let model = begun;
  let said = '';
  while (ON_THE_WAY.has(model.state)) {
    const percent = model.loadedRatio === null ? '' : `  ${Math.round(model.loadedRatio * 100)} %`;
    const line = `${model.state}${percent}`;
    if (line !== said) print(`${line}\n`);
    said = line;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { models } = ModelsResponse.parse(await client.json('GET', '/admin/v1/models'));
    const found = models.find(({ name }) => name === begun.name);
    if (found === undefined) throw new CliError(`${begun.name} was removed meanwhile.`, 3);
    model = found;
  }
  return model;
}

/** Takes a model out of memory, or back into it, and waits until that is so. */
async function move(call: CommandCall, name: string, action: 'load' | 'unload'): Promise<void> {
  const { client, print } = call;
  const path = `/admin/v1/models/${encodeURIComponent(name)}/${action}`;
  const model = await follow(call, ModelResponse.parse(await client.json('POST', path)));
  if (action === 'load') {
    if (model.state !== 'ready') throw new CliError(model.reason ?? `${name} is ${model.state}.`, 3);
    return print(`${name} is loaded.\n`);
  }
  if (model.state !== 'unloaded') throw new CliError(`${name} is ${model.state} again.`, 3);
  print(`${name} is unloaded and its memory is free. Its file stays: hradlo model load ${name}\n`);
  const { answerModel } = ModelsResponse.parse(await client.json('GET', '/admin/v1/models'));
  if (answerModel === name) print('Until then answers are quoted.\n');
}

function need(word: string | undefined, usage: string): string {
  if (word === undefined) throw new CliError(usage, 2);
  return word;
}

const USAGE = 'hradlo model [list | add FILE | pull hf:… | use|unload|load|remove NAME | alias NAME TARGET…]';

/** What is done with a model that has its name. */
const BY_NAME = new Map<string, (call: CommandCall, name: string, more: readonly string[]) => Promise<void>>([
  ['use', use],
  ['load', (call, name) => move(call, name, 'load')],
  ['unload', (call, name) => move(call, name, 'unload')],
  [
    'remove',
    async ({ client, print }, name) => {
      await client.json('DELETE', `/admin/v1/models/${encodeURIComponent(name)}`);
      print(`${name} is forgotten.\n`);
    },
  ],
  [
    'alias',
    async ({ client, print }, name, targets) => {
      await client.json('PUT', `/admin/v1/aliases/${encodeURIComponent(name)}`, { targets });
      const where = targets.length === 0 ? 'is no name any more' : `leads to ${targets.join(', then ')}`;
      print(`${name} ${where}.\n`);
    },
  ],
]);

/** `hradlo model [list | add FILE | pull hf:… | use|unload|load|remove NAME | alias NAME TARGET…]`. */
export const model: Command = async (call) => {
  const [action = 'list', word, ...more] = call.words;
  if (action === 'list') return list(call);
  if (action === 'add') {
    return acquire(call, call.absolute(need(word, 'Which file? hradlo model add ./model.gguf')));
  }
  if (action === 'pull') {
    return acquire(call, need(word, 'Which file? hradlo model pull hf:org/repo/file.gguf'));
  }
  const run = BY_NAME.get(action);
  if (run === undefined) throw new CliError(USAGE, 2);
  return run(call, need(word, `hradlo model ${action} NAME`), more);
};

/** `hradlo engine add NAME URL --model M [--kind vllm] [--key-file F]` and `hradlo engine remove NAME`. */
export const engine: Command = async ({ client, words, values, absolute, print }) => {
  const usage =
    'hradlo engine add NAME URL --model MODEL [--kind vllm] [--key-file FILE], or engine remove NAME';
  const [action, name, url] = words;
  const keyFile = values['key-file'];
  if (action === 'remove') {
    await client.json('DELETE', `/admin/v1/engines/${encodeURIComponent(need(name, usage))}`);
    return print(`${name} is forgotten.\n`);
  }
  if (action !== 'add') throw new CliError(usage, 2);
  await client.json('POST', '/admin/v1/engines', {
    name: need(name, usage),
    url: need(url, usage),
    model: need(values.model, usage),
    ...(values.kind !== undefined && { kind: values.kind }),
    ...(keyFile !== undefined && { apiKeyFile: absolute(keyFile) }),
    ...(values.as !== undefined && { as: values.as }),
  });
  return print(`${values.as ?? name} answers through ${url}.\n`);
};
