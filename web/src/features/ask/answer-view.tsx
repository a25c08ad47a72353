import { Bot, CalendarDays, Quote } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ApiError } from '../../api/errors.ts';
import { Failure } from '../../components/states.tsx';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { textOf, type Answer } from './answer.ts';
import { Doubtful } from './doubtful.tsx';
import { Insufficient } from './insufficient.tsx';
import { QuotedText } from './quoted-text.tsx';
import { SourceList } from './source-list.tsx';

const GeneratedText = lazy(async () => ({ default: (await import('./generated-text.tsx')).GeneratedText }));
const SLOW_AFTER_MS = 8_000;

interface AnswerViewProps {
  readonly answer: Answer;
  readonly openIndex: number | undefined;
  onOpen(index: number): void;
  onRetry(): void;
}

function Waiting() {
  const t = useTranslation();
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" className="flex items-center gap-2.5 py-1 text-ink-soft">
      <span aria-hidden className="flex gap-1">
        {[0, 1, 2].map((dot) => (
          <span
            key={dot}
            className="size-1.5 animate-pulse-soft rounded-full bg-accent"
            style={{ animationDelay: `${dot * 200}ms` }}
          />
        ))}
      </span>
      {t(isSlow ? 'ask.slow' : 'ask.searching')}
    </p>
  );
}

/** Whether a machine wrote it or it is verbatim: said in words, with what that means. */
function Origin({ mode }: { mode: NonNullable<Answer['mode']> }) {
  const t = useTranslation();
  const Icon = mode === 'quoted' ? Quote : Bot;
  return (
    <p className="mb-2.5 flex items-center gap-2 text-xs text-ink-soft" title={t(`ask.${mode}Hint`)}>
      <Icon aria-hidden className="size-3.5 text-accent" />
      <span className="shrink-0 font-semibold">{t(`ask.${mode}`)}</span>
      <span className="hidden min-w-0 truncate sm:inline">{t(`ask.${mode}Hint`)}</span>
    </p>
  );
}

/** The time that the question names: a reader must see how it was understood. */
function ValidOn({ asOf }: { asOf: string }) {
  const t = useTranslation();
  const language = useLanguage();
  return (
    <p className="mb-2.5 flex items-center gap-2 text-xs text-ink-soft" title={t('ask.asOfReadHint')}>
      <CalendarDays aria-hidden className="size-3.5 text-accent" />
      <span className="shrink-0 font-semibold">
        {t('ask.asOfDate', { date: formatDate(asOf.slice(0, 10), language) })}
      </span>
      <span className="hidden min-w-0 truncate sm:inline">{t('ask.asOfReadHint')}</span>
    </p>
  );
}

function Text({ answer, openIndex, onOpen }: Omit<AnswerViewProps, 'onRetry'>) {
  if (answer.mode !== 'generated') return <QuotedText {...{ answer, openIndex, onOpen }} />;
  return (
    <Suspense fallback={<p className="prose whitespace-pre-wrap">{textOf(answer)}</p>}>
      <GeneratedText {...{ answer, openIndex, onOpen }} />
    </Suspense>
  );
}

/**
 * Whether there is nothing to show yet. A quoting answer comes whole within a moment: its first words may yet be
 * replaced by a word of ours, so it is shown from its first quotation on.
 */
function isWaiting({ state, mode, segments }: Answer): boolean {
  if (state !== 'streaming') return state === 'waiting';
  return mode === 'quoted' ? !segments.some((segment) => segment.isQuote) : segments.length === 0;
}

function Reasoning({ text }: { text: string }) {
  const t = useTranslation();
  if (text === '') return null;
  return (
    <details className="mb-3 text-sm text-ink-soft">
      <summary className="w-fit rounded-sm">{t('ask.reasoning')}</summary>
      <p className="mt-2 border-s-3 border-line ps-3 whitespace-pre-wrap">{text}</p>
    </details>
  );
}

/** An answer in each of its states. */
export function AnswerView({ answer, openIndex, onOpen, onRetry }: AnswerViewProps) {
  const t = useTranslation();
  if (isWaiting(answer)) return <Waiting />;
  if (answer.state === 'done' && answer.grade === 'insufficient') {
    return (
      <>
        {answer.asOf && <ValidOn asOf={answer.asOf} />}
        <Insufficient nearby={answer.nearby} answerId={answer.id} contact={answer.contact} />
      </>
    );
  }
  const isStreaming = answer.state === 'streaming';
  return (
    <div aria-busy={isStreaming}>
      {answer.grade === 'related' && (
        <p className="mb-3 rounded-md bg-warn-soft px-3.5 py-2 text-sm text-warn">{t('ask.related')}</p>
      )}
      {answer.asOf && <ValidOn asOf={answer.asOf} />}
      {answer.mode && answer.segments.length > 0 && <Origin mode={answer.mode} />}
      <Reasoning text={answer.reasoning} />
      <Text {...{ answer, openIndex, onOpen }} />
      <Doubtful answer={answer} />
      {answer.state === 'stopped' && <p className="mt-3 text-sm text-ink-soft">{t('ask.stopped')}</p>}
      {answer.error && <AnswerFailure error={answer.error} onRetry={onRetry} />}
      {!isStreaming && <SourceList citations={answer.citations} {...{ openIndex, onOpen }} />}
    </div>
  );
}

function AnswerFailure({ error, onRetry }: { error: NonNullable<Answer['error']>; onRetry(): void }) {
  const t = useTranslation();
  const failure =
    error.code === 'stream.cut'
      ? new ApiError('network', error.detail)
      : new ApiError(error.code, error.detail, { requestId: error.requestId });
  const title = t(error.code === 'stream.cut' ? 'ask.interrupted' : 'ask.failed');
  return (
    <div className="mt-3">
      <Failure title={title} error={failure} onRetry={onRetry} />
    </div>
  );
}
