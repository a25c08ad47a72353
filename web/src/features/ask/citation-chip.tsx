import { useEffect, useId, useRef, useState } from 'react';
import type { AskCitation } from '#wire/hradlo/index.ts';
import { cx } from '../../components/class-names.ts';
import { usePlacement } from '../../components/placement.ts';
import { useTranslation } from '../../i18n/index.ts';
import { placeOf } from './answer.ts';

const OPEN_AFTER_MS = 180;
const CLOSE_AFTER_MS = 220;

interface CitationChipProps {
  readonly citation: AskCitation;
  readonly isOpen: boolean;
  onOpen(index: number): void;
}

/** The number of a source in the text. Pointing at it or moving there shows the quoted words; pressing opens it. */
export function CitationChip({ citation, isOpen, onOpen }: CitationChipProps) {
  const t = useTranslation();
  const cardId = useId();
  const chip = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isShown, setIsShown] = useState(false);
  usePlacement(chip, card, isShown, 'above');
  useEffect(() => {
    if (isShown) card.current?.showPopover();
    return () => clearTimeout(timer.current);
  }, [isShown]);
  const show = (waitMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setIsShown(true), waitMs);
  };
  const hide = (waitMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setIsShown(false), waitMs);
  };
  return (
    <span className="whitespace-nowrap" onPointerLeave={() => hide(CLOSE_AFTER_MS)}>
      <button
        ref={chip}
        type="button"
        aria-label={t('ask.source', { index: citation.index, title: placeOf(citation) })}
        aria-describedby={isShown ? cardId : undefined}
        aria-pressed={isOpen}
        onPointerEnter={(event) => event.pointerType === 'mouse' && show(OPEN_AFTER_MS)}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && show(0)}
        onBlur={() => hide(0)}
        // Not kept from others: a card that a resting pointer opened must not keep the open source from being closed.
        onKeyDown={(event) => event.key === 'Escape' && hide(0)}
        onClick={() => {
          hide(0);
          onOpen(citation.index);
        }}
        className={cx(
          'mx-0.5 inline-flex h-5.5 min-w-6 -translate-y-px items-center justify-center rounded-full px-1.5 align-middle',
          'text-2xs font-semibold tabular-nums transition-colors',
          isOpen
            ? 'bg-accent text-on-accent'
            : 'bg-accent-soft text-accent-ink hover:bg-accent hover:text-on-accent',
        )}
      >
        {citation.index}
      </button>
      {isShown && (
        <span
          ref={card}
          id={cardId}
          role="tooltip"
          popover="manual"
          onPointerEnter={() => show(0)}
          className="fixed w-80 max-w-[calc(100vw-1rem)] animate-appear rounded-lg bg-raised p-4 text-sm whitespace-normal shadow-float"
        >
          <span className="block font-semibold">{citation.title}</span>
          <span className="mt-0.5 block text-xs text-ink-soft">
            {citation.headingPath.filter((heading) => heading !== citation.title).join(' › ')}
            {citation.page !== null && ` · ${t('ask.page', { page: citation.page })}`}
          </span>
          <span className="mt-2.5 line-clamp-6 border-s-3 border-mark-line ps-3">
            {citation.quote.trim()}
          </span>
        </span>
      )}
    </span>
  );
}
