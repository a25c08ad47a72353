import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { PassageResponse } from '#wire/hradlo/index.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { citedChunks, cutAt, goesOn, toBlocks, type Cell, type PassageChunk, type Range } from './passage.ts';

const NEIGHBOURS = 8;
const MORE = 30;

interface CitedProps {
  readonly place: Pick<Cell, 'start' | 'text'>;
  readonly cited: Range | undefined;
  readonly markRef: RefObject<HTMLElement | null> | undefined;
}

/** A text with the cited words marked. */
function Cited({ place, cited, markRef }: CitedProps) {
  return cutAt(place, cited).map((piece, at) =>
    piece.isCited ? (
      // oxlint-disable-next-line react/no-array-index-key
      <mark key={at} ref={markRef} className="cited">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}

interface TableProps extends Omit<CitedProps, 'place'> {
  readonly rows: readonly (readonly Cell[])[];
  readonly hasHead: boolean;
}

function Row({
  cells,
  tag: Tag,
  ...cited
}: Omit<CitedProps, 'place'> & { cells: readonly Cell[]; tag: 'td' | 'th' }) {
  return (
    <tr>
      {cells.map((cell) => (
        <Tag key={cell.start} {...(Tag === 'th' && { scope: 'col' })}>
          <Cited place={cell} {...cited} />
        </Tag>
      ))}
    </tr>
  );
}

function Table({ rows, hasHead, ...cited }: TableProps) {
  const t = useTranslation();
  const [head, ...rest] = rows;
  const body = hasHead ? rest : rows;
  return (
    // What is wider than its column is moved by keys, too.
    <div tabIndex={0} role="group" aria-label={t('evidence.table')} className="overflow-x-auto rounded-md">
      <table>
        {hasHead && head !== undefined && (
          <thead>
            <Row cells={head} tag="th" {...cited} />
          </thead>
        )}
        <tbody>
          {body.map((cells) => (
            <Row key={cells[0]?.start} cells={cells} tag="td" {...cited} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ChunkTextProps extends Omit<CitedProps, 'place'> {
  readonly chunk: PassageChunk;
  readonly before: PassageChunk | undefined;
  /** Of a heading within the text, one below what stands over it. */
  readonly heading: 'h2' | 'h3';
}

/** One chunk of a document's own text. */
function ChunkText({ chunk, before, heading, cited, markRef }: ChunkTextProps) {
  return (
    <div data-start={chunk.start} className="space-y-3">
      {toBlocks(chunk).map((block) => {
        if (block.kind === 'table') {
          const { rows, start } = block;
          return <Table key={start} rows={rows} hasHead={!goesOn(chunk, before)} {...{ cited, markRef }} />;
        }
        const { paragraph } = block;
        const Tag = paragraph.isHeading ? heading : 'p';
        return (
          <Tag key={paragraph.start} className="whitespace-pre-wrap">
            <Cited place={paragraph} {...{ cited, markRef }} />
          </Tag>
        );
      })}
    </div>
  );
}

interface PassageTextProps {
  readonly passage: PassageResponse;
  readonly cited: Range;
}

/** The cited words among their neighbours; more of the document on demand, above and below. */
export function PassageText({ passage, cited }: PassageTextProps) {
  const t = useTranslation();
  const mark = useRef<HTMLElement>(null);
  const { chunks } = passage;
  const found = useMemo(() => citedChunks(chunks, cited), [chunks, cited]);
  const [from, setFrom] = useState(Math.max(0, (found?.first ?? 0) - NEIGHBOURS));
  const [to, setTo] = useState((found?.last ?? 0) + NEIGHBOURS + 1);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' });
  }, [passage]);
  return (
    <div className="prose">
      {from > 0 && (
        <Button className="mb-4 w-full" onClick={() => setFrom(Math.max(0, from - MORE))}>
          {t('evidence.before')}
        </Button>
      )}
      {chunks.slice(from, to).map((chunk, index) => {
        const isFirst = found?.first === from + index;
        return (
          <ChunkText
            key={chunk.start}
            chunk={chunk}
            before={chunks[from + index - 1]}
            heading="h3"
            cited={cited}
            markRef={isFirst ? mark : undefined}
          />
        );
      })}
      {to < chunks.length && (
        <Button className="mt-4 w-full" onClick={() => setTo(to + MORE)}>
          {t('evidence.after')}
        </Button>
      )}
    </div>
  );
}

interface WholeTextProps {
  readonly passage: PassageResponse;
  readonly cited: Range | undefined;
  /** Brings the chunk that begins here into sight. */
  readonly jumpTo: number | undefined;
  readonly heading: 'h2' | 'h3';
}

/** A document's whole text. Chunks out of sight are laid out only when they come into it. */
export function WholeText({ passage, cited, jumpTo, heading }: WholeTextProps) {
  const mark = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const target =
      jumpTo === undefined ? mark.current : box.current?.querySelector(`[data-start="${jumpTo}"]`);
    target?.scrollIntoView({ block: jumpTo === undefined ? 'center' : 'start' });
  }, [passage, jumpTo]);
  const first = cited && citedChunks(passage.chunks, cited)?.first;
  return (
    <div ref={box} className="prose">
      {passage.chunks.map((chunk, index) => (
        <ChunkText
          key={chunk.start}
          chunk={chunk}
          before={passage.chunks[index - 1]}
          heading={heading}
          cited={cited}
          markRef={index === first ? mark : undefined}
        />
      ))}
    </div>
  );
}
