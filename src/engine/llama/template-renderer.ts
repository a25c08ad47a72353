import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError, isAppError, type ChatMessage } from '#core/index.ts';
import type { PromptSegment } from './prompt-tokens.ts';

const RENDER_LIMIT_MS = 2_000;
const HEAP_MEGABYTES = 64;
/** A prompt may be this much longer than what people wrote. */
const MAX_OWN_CHARS = 200_000;
/** Private-use characters: where somebody's text begins and ends in the rendered prompt. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const THOUGHT = /^\s*<think>[\s\S]*?<\/think>\s*/;

/**
 * Renders a model's chat template in a process of its own, with a limit on time, memory and length. What people
 * wrote is marked on the way in, so that the prompt comes out in parts: the template's, and theirs.
 */
export class TemplateRenderer implements AsyncDisposable {
  readonly #template: string;
  #child: ChildProcess | undefined;
  /** One prompt after another: each takes a fraction of a millisecond, and a bad one takes only its own limit. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(template: string) {
    this.#template = template;
  }

  /**
   * The prompt for a conversation, ending where the answer begins.
   * @throws {AppError} `input.invalid` when the template refuses the conversation, `engine.unavailable` when it does
   * not end or writes too much.
   */
  async render(messages: readonly ChatMessage[]): Promise<PromptSegment[]> {
    try {
      return await this.#renderSegments(messages);
    } catch (error) {
      const merged = withoutSystem(messages);
      if (merged === undefined || !isAppError(error, 'input.invalid')) throw error;
      // Some models know no system role: what it says is then the beginning of the first question.
      return this.#renderSegments(merged);
    }
  }

  /** Starts the process, so that the first question need not wait for it. */
  warmUp(): void {
    void this.#renderText([{ role: 'user', content: '-' }]).catch(() => undefined);
  }

  async #renderSegments(messages: readonly ChatMessage[]): Promise<PromptSegment[]> {
    const marked = messages.map(({ role, content }) => ({
      role,
      content: mark(withoutThought(role, content)),
    }));
    const text = await this.#renderText(marked);
    const written = messages.reduce((sum, { content }) => sum + content.length, 0);
    if (text.length > written + MAX_OWN_CHARS)
      throw new AppError('engine.unavailable', 'The chat template of the model writes far too much.');
    return segmentsOf(text) ?? (await this.#renderPlain(messages));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#end();
  }

  /** For templates that cut into what people wrote, so that the marks no longer pair: nobody's text is trusted. */
  async #renderPlain(messages: readonly ChatMessage[]): Promise<PromptSegment[]> {
    const plain = messages.map(({ role, content }) => ({
      role,
      content: withoutThought(role, content).replaceAll(/<(?=[|/\w])/g, '<\u200b'),
    }));
    return [{ text: await this.#renderText(plain), isTrusted: true }];
  }

  #renderText(messages: readonly { role: string; content: string }[]): Promise<string> {
    const rendered = this.#last.then(() => this.#ask(variablesFor(messages)));
    this.#last = rendered.catch(() => undefined);
    return rendered;
  }

  #ask(variables: Record<string, unknown>): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const isNew = this.#child === undefined;
    const child = this.#child ?? startRenderer();
    this.#child = child;
    const fail = (message: string) => {
      this.#end();
      reject(new AppError('engine.unavailable', message));
    };
    const onExit = () => fail('The chat template of the model failed.');
    const onMessage = (reply: unknown) => {
      const text = fieldOf(reply, 'text');
      if (text !== undefined) resolve(text);
      else
        reject(
          new AppError(
            'input.invalid',
            `The model does not take this conversation: ${fieldOf(reply, 'error')}.`,
          ),
        );
    };
    const timer = setTimeout(() => fail('The chat template of the model does not end.'), RENDER_LIMIT_MS);
    child.once('exit', onExit);
    child.once('message', onMessage);
    child.send(isNew ? { template: this.#template, variables } : { variables });
    return promise.finally(() => {
      clearTimeout(timer);
      child.off('exit', onExit);
      child.off('message', onMessage);
    });
  }

  #end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function startRenderer(): ChildProcess {
  const child = fork(fileURLToPath(new URL('./template-child.ts', import.meta.url)), [], {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // Without a listener an error would end the product; the exit that follows tells whoever waits.
  child.on('error', () => undefined);
  return child;
}

function fieldOf(reply: unknown, name: string): string | undefined {
  const value: unknown = typeof reply === 'object' && reply !== null ? Reflect.get(reply, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function variablesFor(messages: readonly { role: string; content: string }[]): Record<string, unknown> {
  return { messages, add_generation_prompt: true, bos_token: '', eos_token: '', tools: undefined };
}

/** The conversation with its system messages put before the first question; undefined when there are none. */
function withoutSystem(messages: readonly ChatMessage[]): ChatMessage[] | undefined {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const rest = messages.filter(({ role }) => role !== 'system');
  const first = rest.findIndex(({ role }) => role === 'user');
  if (system.length === 0 || first < 0) return undefined;
  return rest.map((message, index) =>
    index === first ? { ...message, content: [...system, message.content].join('\n\n') } : message,
  );
}

/** Earlier thoughts are not shown to the model again, whatever its template would do with them. */
function withoutThought(role: string, content: string): string {
  return role === 'assistant' ? content.replace(THOUGHT, '') : content;
}

/** The marks stand inside of the outer white space, which templates like to trim. */
function mark(content: string): string {
  const clean = content.replaceAll(OPEN, '').replaceAll(CLOSE, '');
  const body = clean.trim();
  if (body === '') return clean;
  const start = clean.indexOf(body);
  return clean.slice(0, start) + OPEN + body + CLOSE + clean.slice(start + body.length);
}

/** The parts of a rendered prompt; undefined when marks do not pair. */
function segmentsOf(text: string): PromptSegment[] | undefined {
  const segments: PromptSegment[] = [];
  for (const [index, part] of text.split(OPEN).entries()) {
    const pieces = part.split(CLOSE);
    if (pieces.length !== (index === 0 ? 1 : 2)) return undefined;
    const [first = '', second = ''] = pieces;
    if (index === 0) segments.push({ text: first, isTrusted: true });
    else segments.push({ text: first, isTrusted: false }, { text: second, isTrusted: true });
  }
  return segments.filter((segment) => segment.text !== '');
}
