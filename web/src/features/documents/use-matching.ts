import { useMemo } from 'react';
import type { DocumentRow } from '../../api/documents.ts';
import { fold } from '../ask/conversation.ts';

const NOTHING: readonly DocumentRow[] = [];

/** The text of each document that a search looks at. Made with the first search, not for each of its letters. */
function useFolded(documents: readonly DocumentRow[]): () => readonly string[] {
  return useMemo(() => {
    let texts: readonly string[] | undefined;
    return () => (texts ??= documents.map(({ title, sourceKey }) => fold(`${title} ${sourceKey}`)));
  }, [documents]);
}

/** Documents whose name or file holds every word of `query`; all of them, as they are, when it is empty. */
export function useMatching(
  documents: readonly DocumentRow[] = NOTHING,
  query: string,
): readonly DocumentRow[] {
  const folded = useFolded(documents);
  return useMemo(() => {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (words.length === 0) return documents;
    const texts = folded();
    return documents.filter((_document, at) => words.every((word) => texts[at]?.includes(word)));
  }, [documents, folded, query]);
}
