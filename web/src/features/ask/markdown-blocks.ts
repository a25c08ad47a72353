/**
 * Markdown cut at blank lines outside of code fences. Joined with blank lines it means the same but for links
 * defined elsewhere, which a model's answer has no use for; so a block that is complete is parsed only once.
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let open: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    if (line.trim() === '' && fence === undefined) {
      if (open.length > 0) blocks.push(open.join('\n'));
      open = [];
    } else open.push(line);
  }
  if (open.length > 0) blocks.push(open.join('\n'));
  return blocks;
}
