import type { Token } from 'markdown-it';
import type { ImageNote, Link } from '../parsed-document.ts';

/** What is noted of a text on the way. */
export interface InlineNotes {
  readonly links: Link[];
  readonly images: ImageNote[];
}

function textOf(token: Token, notes: InlineNotes): string {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return ' ';
    case 'html_inline':
      return /^<br\b/iu.test(token.content) ? ' ' : '';
    case 'image': {
      const description = inlineText(token.children ?? [], notes);
      notes.images.push({ description });
      return description;
    }
    default:
      return token.content;
  }
}

/** A text as a person reads it, on one line: marks gone, links and pictures noted. */
export function inlineText(tokens: readonly Token[], notes: InlineNotes): string {
  let text = '';
  let link: { target: string; from: number } | undefined;
  for (const token of tokens) {
    if (token.type === 'link_open') link = { target: String(token.attrGet('href') ?? ''), from: text.length };
    if (token.type === 'link_close' && link !== undefined && link.target !== '') {
      notes.links.push({ text: text.slice(link.from), target: link.target });
    }
    text += textOf(token, notes);
  }
  return text.replace(/\s+/gu, ' ').trim();
}
