import MarkdownIt, { type Token } from 'markdown-it';
import { createElement, memo, useMemo, useRef, type ReactNode } from 'react';
import { splitMarkers, textOf, type Answer } from './answer.ts';
import { CitationChip } from './citation-chip.tsx';
import { growBlocks, type Blocks } from './markdown-blocks.ts';

// Markup in the text stays text, pictures are not loaded, and addresses are links only where the model wrote one.
const markdown = new MarkdownIt({ html: false, linkify: false }).disable([
  'image',
  'html_block',
  'html_inline',
]);

/** The only elements that a model's text can become. Everything else is shown as text. */
const ELEMENTS = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'blockquote',
  'strong',
  'em',
  's',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
]);
const SAFE_ADDRESS = /^https?:\/\//i;

type Cite = (index: number) => ReactNode;

interface Level {
  readonly tag: string;
  readonly token: Token | undefined;
  readonly children: ReactNode[];
}

function toLink(token: Token | undefined, children: ReactNode[], key: number): ReactNode {
  const address = String(token?.attrGet('href') ?? '');
  if (!SAFE_ADDRESS.test(address)) return <span key={key}>{children}</span>;
  return (
    <a key={key} href={address} target="_blank" rel="noreferrer noopener nofollow" className="underline">
      {children}
      {/* Where a link leads is always to be seen: its words were written by a machine. */}
      <span className="text-ink-faint"> ({address})</span>
    </a>
  );
}

function toElement({ tag, token, children }: Level, key: number): ReactNode {
  if (tag === 'a') return toLink(token, children, key);
  if (!ELEMENTS.has(tag)) return <span key={key}>{children}</span>;
  const start = tag === 'ol' ? { start: Number(token?.attrGet('start') ?? 1) } : {};
  return createElement(tag, { key, ...start }, ...children);
}

function toLeaf(token: Token, cite: Cite, key: number): ReactNode {
  switch (token.type) {
    case 'inline': {
      return toNodes(token.children ?? [], cite);
    }
    case 'code_inline': {
      return <code key={key}>{token.content}</code>;
    }
    case 'fence':
    case 'code_block': {
      return (
        <pre key={key}>
          <code>{token.content}</code>
        </pre>
      );
    }
    case 'softbreak': {
      return '\n';
    }
    case 'hardbreak': {
      return <br key={key} />;
    }
    case 'hr': {
      return <hr key={key} />;
    }
    default: {
      return splitMarkers(token.content, () => true).map((part) =>
        typeof part === 'string' ? part : (cite(part) ?? `[${part}]`),
      );
    }
  }
}

/** Markdown's tokens as elements of the list above: no string ever becomes markup. */
function toNodes(tokens: readonly Token[], cite: Cite): ReactNode[] {
  const levels: Level[] = [{ tag: '', token: undefined, children: [] }];
  for (const [index, token] of tokens.entries()) {
    if (token.hidden) continue;
    if (token.nesting === 1) levels.push({ tag: token.tag, token, children: [] });
    else if (token.nesting === -1) {
      const closed = levels.length > 1 ? levels.pop() : undefined;
      if (closed) levels.at(-1)?.children.push(toElement(closed, index));
    } else levels.at(-1)?.children.push(toLeaf(token, cite, index));
  }
  return levels.flatMap((level) => level.children);
}

/** One block, parsed once: a block before the last never changes while the answer grows. */
const Block = memo(function Block({ text, cite }: { text: string; cite: Cite }) {
  return toNodes(markdown.parse(text, {}), cite);
});

interface GeneratedTextProps {
  readonly answer: Answer;
  readonly openIndex: number | undefined;
  onOpen(index: number): void;
}

/** What a model wrote: Markdown without pictures and markup, its `[n]` as sources. */
export function GeneratedText({ answer, openIndex, onOpen }: GeneratedTextProps) {
  const { citations } = answer;
  const cite = useMemo(
    () => (index: number) => {
      const citation = citations.find((candidate) => candidate.index === index);
      return (
        citation && (
          <CitationChip
            key={`cite-${index}`}
            citation={citation}
            isOpen={openIndex === index}
            onOpen={onOpen}
          />
        )
      );
    },
    [citations, openIndex, onOpen],
  );
  const text = textOf(answer);
  const known = useRef<Blocks>(undefined);
  const blocks = useMemo(() => {
    // A cache and nothing else: whatever is in it, the same text comes to the same blocks.
    known.current = growBlocks(known.current, text);
    return known.current.blocks;
  }, [text]);
  return (
    <div className="prose">
      {blocks.map((block, at) => (
        // Blocks only ever grow at the end.
        // oxlint-disable-next-line react/no-array-index-key
        <Block key={at} text={block} cite={cite} />
      ))}
    </div>
  );
}
