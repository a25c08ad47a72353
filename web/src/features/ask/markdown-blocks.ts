/** Markdown in blocks, and where the last one begins: what comes before it stays as it is while the text grows. */
export interface Blocks {
  readonly text: string;
  readonly blocks: readonly string[];
  readonly lastStart: number;
}

/**
 * Markdown cut at blank lines outside of code fences. Joined with blank lines it means the same but for links
 * defined elsewhere, which a model's answer has no use for; so a block that is complete is parsed only once.
 */
export function splitBlocks(text: string): Blocks {
  const blocks: string[] = [];
  let open: string[] = [];
  let fence: string | undefined;
  let at = 0;
  let lastStart = 0;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    if (line.trim() === '' && fence === undefined) {
      if (open.length > 0) blocks.push(open.join('\n'));
      open = [];
    } else {
      if (open.length === 0) lastStart = at;
      open.push(line);
    }
    at += line.length + 1;
  }
  if (open.length > 0) blocks.push(open.join('\n'));
  return { text, blocks, lastStart };
}

/** The same for a text that most often only grew: all but the last block are taken over. */
export function growBlocks(before: Blocks | undefined, text: string): Blocks {
  if (before === undefined || !text.startsWith(before.text)) return splitBlocks(text);
  const tail = splitBlocks(text.slice(before.lastStart));
  return {
    text,
    blocks: [...before.blocks.slice(0, -1), ...tail.blocks],
    lastStart: before.lastStart + tail.lastStart,
  };
}
