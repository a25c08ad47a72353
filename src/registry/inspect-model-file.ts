import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { expectDigest, type Digest } from '#core/index.ts';
import { fileSource } from './gguf/byte-source.ts';
import type { GgufModel } from './gguf/model-facts.ts';
import { preflightGguf } from './gguf/preflight.ts';

/** The judgement on a model file: its facts and digests, or why it may not be used. */
export type InspectedModel =
  | {
      readonly verdict: 'accepted';
      readonly model: GgufModel;
      readonly digest: Digest;
      readonly templateDigest: Digest | undefined;
    }
  | { readonly verdict: 'refused'; readonly reason: string };

/**
 * Judges a file before anything else touches it: strict header, chat template, digest of every byte. A template that
 * the lint objects to passes only if `approvedTemplate` names exactly it.
 */
export async function inspectModelFile(
  path: string,
  approvedTemplate: string | undefined,
): Promise<InspectedModel> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return { verdict: 'refused', reason: 'The file cannot be opened.' };
  try {
    const result = await preflightGguf(await fileSource(handle));
    if (result.verdict === 'refused') return { verdict: 'refused', reason: result.reason };
    const { model } = result;
    const templateDigest = model.chatTemplate === undefined ? undefined : digestOfText(model.chatTemplate);
    if (result.verdict === 'needs-approval' && templateDigest !== approvedTemplate) {
      const rules = [...new Set(result.findings.map(({ rule }) => rule))].join(', ');
      return {
        verdict: 'refused',
        reason: `Its chat template (${templateDigest}) needs approval: ${rules}.`,
      };
    }
    return { verdict: 'accepted', model, templateDigest, digest: await digestOfFile(path) };
  } finally {
    await handle.close();
  }
}

async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part);
  return expectDigest(`sha256:${hash.digest('hex')}`);
}

function digestOfText(text: string): Digest {
  return expectDigest(`sha256:${createHash('sha256').update(text).digest('hex')}`);
}
