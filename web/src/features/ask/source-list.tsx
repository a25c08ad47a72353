import type { AskCitation } from '#wire/hradlo/index.ts';
import { cx } from '../../components/class-names.ts';
import { useTranslation } from '../../i18n/index.ts';

interface SourceListProps {
  readonly citations: readonly AskCitation[];
  readonly openIndex: number | undefined;
  onOpen(index: number): void;
}

/** Sources under an answer: what each is and where in it. */
export function SourceList({ citations, openIndex, onOpen }: SourceListProps) {
  const t = useTranslation();
  if (citations.length === 0) return null;
  return (
    <section className="mt-5">
      <h3 className="mb-2 text-xs font-semibold text-ink-soft">
        {t('ask.sources', { count: citations.length })}
      </h3>
      <ol className="grid grid-cols-1 gap-2 sm:grid-cols-2">
        {citations.map((citation) => (
          <li key={citation.index} className="flex">
            <button
              type="button"
              aria-pressed={openIndex === citation.index}
              onClick={() => onOpen(citation.index)}
              className={cx(
                'flex w-full min-w-0 items-start gap-2.5 rounded-lg border px-3 py-2.5 text-start transition-colors',
                openIndex === citation.index
                  ? 'border-accent bg-accent-soft'
                  : 'border-line bg-surface hover:border-line-strong',
              )}
            >
              <span className="mt-px flex h-5 min-w-5 items-center justify-center rounded-full bg-accent-soft text-2xs font-semibold text-accent-ink tabular-nums">
                {citation.index}
              </span>
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm font-medium">{citation.title}</span>
                <span className="block truncate text-xs text-ink-soft">
                  {citation.headingPath.filter((heading) => heading !== citation.title).join(' › ')}
                  {citation.page !== null && ` · ${t('ask.page', { page: citation.page })}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
