import type { ByteSource } from './byte-source.ts';
import { lintChatTemplate } from './chat-template-lint.ts';
import type { TemplateFinding } from './template-finding.ts';
import { GgufFault, type GgufFaultCode } from './fault.ts';
import { readHeader } from './header.ts';
import { describeModel, type GgufModel } from './model-facts.ts';

/**
 * Whether a file may be handed to native code. `needs-approval`: the file is sound, its chat template does things
 * that a template should not; an administrator may let it in, by the digest of the template, with a reason.
 */
export type PreflightVerdict =
  | { readonly verdict: 'accepted'; readonly model: GgufModel }
  | {
      readonly verdict: 'needs-approval';
      readonly model: GgufModel;
      readonly findings: readonly TemplateFinding[];
    }
  | { readonly verdict: 'refused'; readonly code: GgufFaultCode; readonly reason: string };

/**
 * Reads a model file's header strictly and judges it: structure, sizes against the file, vocabulary, facts, chat
 * template. Never reads the weights, keeps memory bounded by `GGUF_LIMITS`, and never throws for what is in the file.
 */
export async function preflightGguf(source: ByteSource): Promise<PreflightVerdict> {
  try {
    const model = describeModel(await readHeader(source));
    const findings = model.chatTemplate === undefined ? [] : lintChatTemplate(model.chatTemplate);
    return findings.length === 0
      ? { verdict: 'accepted', model }
      : { verdict: 'needs-approval', model, findings };
  } catch (error) {
    if (error instanceof GgufFault) return { verdict: 'refused', code: error.code, reason: error.message };
    // A disk that fails under the read is a verdict too: what could not be checked has not passed.
    if (error instanceof Error && 'syscall' in error)
      return { verdict: 'refused', code: 'file.unreadable', reason: 'The file could not be read.' };
    throw error;
  }
}
