import { cx } from '../../components/class-names.ts';
import { toParagraphs, type Answer, type Paragraph } from './answer.ts';
import { CitationChip } from './citation-chip.tsx';

interface TextProps {
  readonly answer: Answer;
  readonly openIndex: number | undefined;
  onOpen(index: number): void;
}

function Parts({ paragraph, answer, openIndex, onOpen }: TextProps & { paragraph: Paragraph }) {
  return paragraph.parts.map((part, at) => {
    if (typeof part !== 'number') {
      return (
        // A part has no identity but its place: text before it never changes.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} className={cx(part.isContext && 'text-ink-soft')}>
          {part.text.trim() === '' ? ' ' : part.text}
        </span>
      );
    }
    const citation = answer.citations.find((candidate) => candidate.index === part);
    return (
      citation && (
        <CitationChip
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          citation={citation}
          isOpen={openIndex === part}
          onOpen={onOpen}
        />
      )
    );
  });
}

/** Sentences of documents, verbatim, each with its source; sentences around them are dimmed. */
export function QuotedText(props: TextProps) {
  const paragraphs = toParagraphs(props.answer);
  // What a quoting answer says beside its quotations, the page says by itself, in the reader's language.
  const shown = paragraphs.some((paragraph) => paragraph.isQuote)
    ? paragraphs.filter((paragraph) => paragraph.isQuote)
    : paragraphs;
  return (
    <div className="prose">
      {shown.map((paragraph, at) => {
        const Tag = paragraph.isQuote ? 'blockquote' : 'p';
        return (
          <Tag
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            className={cx('whitespace-pre-wrap', paragraph.isQuote && 'border-accent/50! text-ink!')}
          >
            <Parts {...props} paragraph={paragraph} />
          </Tag>
        );
      })}
    </div>
  );
}
