import { GLOSSARY } from '../../src/rag/analysis/concepts.ts';
import type { TextPair } from './text-pairs.ts';

/** The glossary's groups as pairs of texts. */
export function readGlossaryPairs(): TextPair[] {
  return GLOSSARY.map(({ czech, english }): TextPair => {
    return [czech.join(', ').replaceAll('"', ''), english.join(', ').replaceAll('"', '')];
  });
}
