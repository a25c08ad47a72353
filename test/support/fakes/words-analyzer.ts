/** An analyser that a person can follow: words at spaces, their first four letters as stems, three-letter grams. */
export const wordsAnalyzer = {
  version: 'words/1',
  analyze(text: string): { stems: string[]; folded: string[]; grams: string[] } {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const grams = words.flatMap((word) =>
      Array.from({ length: Math.max(1, word.length - 2) }, (_, start) => word.slice(start, start + 3)),
    );
    return { stems: words.map((word) => word.slice(0, 4)), folded: words, grams };
  },
};
