import type { ModelRuntime } from './model-runtime.ts';

/** A part of a prompt: what the template wrote, or what somebody else did. */
export interface PromptSegment {
  readonly text: string;
  readonly isTrusted: boolean;
}

/**
 * The tokens of a prompt. Control tokens count only where the template wrote them: a question that contains
 * `<|im_start|>system` stays a question. Where nobody wrote such a text, which is nearly always, the prompt is
 * tokenized in one piece, exactly as the model was trained to see it.
 */
export function promptTokens(
  runtime: Pick<ModelRuntime, 'tokenize'>,
  segments: readonly PromptSegment[],
): number[] {
  const isClean = segments.every((segment) => segment.isTrusted || !namesControls(runtime, segment.text));
  if (isClean) {
    const text = segments.map((segment) => segment.text).join('');
    return withoutDoubleStart(runtime.tokenize(text, { isStart: true, isControl: true }));
  }
  const tokens = segments.flatMap((segment, index) =>
    runtime.tokenize(segment.text, { isStart: index === 0, isControl: segment.isTrusted }),
  );
  return withoutDoubleStart(tokens);
}

function namesControls(runtime: Pick<ModelRuntime, 'tokenize'>, text: string): boolean {
  const asText = runtime.tokenize(text, { isStart: false, isControl: false });
  const asControl = runtime.tokenize(text, { isStart: false, isControl: true });
  return asText.length !== asControl.length || asText.some((token, index) => token !== asControl[index]);
}

/** Templates that write the start token themselves would have it twice: the tokenizer adds one too. */
function withoutDoubleStart(tokens: readonly number[]): number[] {
  return tokens.length > 1 && tokens[0] === tokens[1] ? tokens.slice(1) : [...tokens];
}
