import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { boxesQuery, originalQuery } from '../../api/versions.ts';
import { IconButton } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import type { Range } from './passage.ts';
import { drawPage, openPdf, type PageSize, type PdfFile } from './pdf.ts';

type Box = { readonly page: number; readonly box: readonly number[] };

/** A rectangle in points, from the top left corner of the page, as shares of the page. */
function toStyle({ box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0] }: Box, page: PageSize) {
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return {
    left: percent(x0, page.width),
    top: percent(y0, page.height),
    width: percent(x1 - x0, page.width),
    height: percent(y1 - y0, page.height),
  };
}

interface PageViewProps {
  readonly file: PdfFile;
  readonly number: number;
  readonly boxes: readonly Box[];
}

/** One page with the cited place marked. The rectangles come from where the text was read, not from the fonts here. */
function PageView({ file, number, boxes }: PageViewProps) {
  const t = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const mark = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<PageSize>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const controller = new AbortController();
    const element = canvas.current;
    const cssWidth = frame.current?.clientWidth ?? 0;
    if (element === null || cssWidth === 0) return undefined;
    drawPage(file, { number, cssWidth, canvas: element }, controller.signal).then(
      setSize,
      (thrown: unknown) => {
        if (!controller.signal.aborted) setError(thrown);
      },
    );
    return () => controller.abort();
  }, [file, number]);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' });
  }, [size, number]);
  if (error !== undefined) return <Failure title={t('evidence.pageFailed')} error={error} />;
  return (
    <div ref={frame} className="relative overflow-hidden rounded-sm bg-[#fff] shadow-float">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('ask.page', { page: number })}
        className="block aspect-[1/1.414] h-auto w-full"
        style={size && { aspectRatio: `${size.width} / ${size.height}` }}
      />
      {size &&
        boxes.map((box, index) => (
          <div
            key={box.box.join(' ')}
            ref={index === 0 ? mark : undefined}
            data-mark
            className="absolute rounded-[2px] bg-[#ffd84d]/45 mix-blend-multiply ring-1 ring-[#c08a00]/50"
            style={toStyle(box, size)}
          />
        ))}
    </div>
  );
}

interface OriginalViewProps {
  readonly versionId: string;
  readonly cited: Range | undefined;
}

/** The file itself, a page at a time, beginning with the page that is cited. */
export function OriginalView({ versionId, cited }: OriginalViewProps) {
  const t = useTranslation();
  const original = useQuery(originalQuery(versionId));
  const boxes = useQuery(boxesQuery(versionId, cited));
  const [file, setFile] = useState<PdfFile>();
  const [error, setError] = useState<unknown>();
  const [chosen, setChosen] = useState<number>();
  const { data: bytes } = original;
  useEffect(() => {
    if (bytes === undefined) return undefined;
    let opened: PdfFile | undefined;
    let isGone = false;
    const open = async () => {
      // pdf.js takes the bytes away: the copy that the cache holds stays whole.
      opened = await openPdf(bytes.slice(0));
      if (isGone) await opened.loadingTask.destroy();
      else setFile(opened);
    };
    open().catch((thrown: unknown) => setError(thrown));
    return () => {
      isGone = true;
      void opened?.loadingTask.destroy();
    };
  }, [bytes]);
  const failure = original.error ?? boxes.error ?? error;
  if (failure) return <Failure title={t('evidence.originalFailed')} error={failure} />;
  if (file === undefined || boxes.isPending) return <Skeleton lines={12} />;
  const marks = boxes.data ?? [];
  const number = chosen ?? marks[0]?.page ?? 1;
  return (
    <>
      <div className="mb-3 flex items-center justify-center gap-2 text-sm text-ink-soft">
        <IconButton
          icon={ChevronLeft}
          label={t('evidence.previousPage')}
          disabled={number <= 1}
          onClick={() => setChosen(number - 1)}
        />
        <span className="tabular-nums">{t('evidence.pageOf', { page: number, count: file.numPages })}</span>
        <IconButton
          icon={ChevronRight}
          label={t('evidence.nextPage')}
          disabled={number >= file.numPages}
          onClick={() => setChosen(number + 1)}
        />
      </div>
      <PageView key={number} file={file} number={number} boxes={marks.filter((box) => box.page === number)} />
    </>
  );
}
