import { Copy, Printer, RefreshCw, ShieldCheck, ThumbsDown, ThumbsUp } from 'lucide-react';
import { lazy, Suspense, useId, useState } from 'react';
import { FEEDBACK_REASONS, type FeedbackReason } from '#wire/hradlo/index.ts';
import { send } from '../../api/client.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { showToast } from '../../components/toast.tsx';
import { useTranslation, withTexts, type Translate } from '../../i18n/index.ts';
import type { Answer } from './answer.ts';
import { toMarkdown } from './conversation.ts';

const loadCertificate = withTexts('documents', () => import('./certificate-dialog.tsx'));
const CertificateDialog = lazy(async () => ({ default: (await loadCertificate()).CertificateDialog }));

/** The words that exported text is labelled with. */
export function exportWords(answer: Answer, t: Translate) {
  return { sources: t('ask.sources', { count: answer.citations.length }), generated: t('ask.generatedHint') };
}

interface AnswerActionsProps {
  readonly answer: Answer;
  onRate(rating: Answer['rating']): void;
  onRegenerate(): void;
}

async function copyText(text: string, t: Translate): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast(t('ask.copied'));
  } catch {
    showToast(t('ask.copyFailed'));
  }
}

/** What can be done with an answer: rate, copy, print, ask again. */
export function AnswerActions({ answer, onRate, onRegenerate }: AnswerActionsProps) {
  const t = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const [isProving, setIsProving] = useState(false);
  const rate = (rating: 'up' | 'down', reason?: FeedbackReason, correction = '') => {
    if (answer.id === undefined) return;
    const before = answer.rating;
    onRate(rating);
    send(`/hradlo/v1/answers/${answer.id}/feedback`, {
      method: 'PUT',
      body: {
        rating,
        ...(reason !== undefined && { reason }),
        ...(correction !== '' && { correction }),
      },
    }).then(
      () => showToast(t('ask.thanks')),
      () => {
        onRate(before);
        showToast(t('ask.feedbackFailed'));
      },
    );
  };
  return (
    <div data-print="hide" className="mt-3">
      <div className="-ms-2 flex items-center gap-0.5">
        <IconButton
          icon={ThumbsUp}
          label={t('ask.good')}
          aria-pressed={answer.rating === 'up'}
          className={cx(answer.rating === 'up' && 'bg-accent-soft text-accent-ink!')}
          onClick={() => {
            setIsAsking(false);
            rate('up');
          }}
        />
        <IconButton
          icon={ThumbsDown}
          label={t('ask.bad')}
          aria-pressed={answer.rating === 'down'}
          aria-expanded={isAsking}
          className={cx(answer.rating === 'down' && 'bg-danger-soft text-danger!')}
          onClick={() => setIsAsking(!isAsking)}
        />
        <IconButton
          icon={Copy}
          label={t('ask.copy')}
          onClick={() => void copyText(toMarkdown(answer, exportWords(answer, t)), t)}
        />
        <IconButton icon={Printer} label={t('ask.print')} onClick={() => window.print()} />
        <IconButton icon={ShieldCheck} label={t('ask.certificate')} onClick={() => setIsProving(true)} />
        <IconButton icon={RefreshCw} label={t('ask.regenerate')} onClick={onRegenerate} />
      </div>
      {isProving && answer.id !== undefined && (
        <Suspense>
          <CertificateDialog answerId={answer.id} onClose={() => setIsProving(false)} />
        </Suspense>
      )}
      {isAsking && (
        <WhyBad
          onReason={(reason) => rate('down', reason)}
          onClose={() => setIsAsking(false)}
          onSend={(reason, correction) => {
            setIsAsking(false);
            rate('down', reason, correction);
          }}
        />
      )}
    </div>
  );
}

interface WhyBadProps {
  /** It counts at once; what would have been right may follow. */
  onReason(reason: FeedbackReason): void;
  onClose(): void;
  onSend(reason: FeedbackReason, correction: string): void;
}

/** What was wrong, and, for who knows, what would have been right. */
function WhyBad({ onReason, onClose, onSend }: WhyBadProps) {
  const t = useTranslation();
  const id = useId();
  const [reason, setReason] = useState<FeedbackReason>();
  const [correction, setCorrection] = useState('');
  return (
    <fieldset className="mt-2 animate-appear rounded-lg border border-line bg-surface p-4">
      <legend className="sr-only">{t('ask.whyBad')}</legend>
      <p aria-hidden className="mb-2.5 text-sm font-semibold">
        {t('ask.whyBad')}
      </p>
      <div className="flex flex-wrap gap-2">
        {FEEDBACK_REASONS.map((known) => (
          <Button
            key={known}
            aria-pressed={reason === known}
            className={cx(
              'rounded-full! font-normal!',
              reason === known && 'border-accent! bg-accent-soft! text-accent-ink!',
            )}
            onClick={() => {
              setReason(known);
              onReason(known);
            }}
          >
            {t(`ask.reason.${known}`)}
          </Button>
        ))}
      </div>
      {reason !== undefined && (
        <div className="mt-4">
          <label htmlFor={id} className="text-sm font-medium">
            {t('ask.correction')}
          </label>
          <textarea
            id={id}
            rows={2}
            maxLength={4000}
            aria-describedby={`${id}-hint`}
            value={correction}
            className="mt-1.5 w-full rounded-md border border-line-strong bg-canvas px-3 py-2 focus:border-accent"
            onChange={(event) => setCorrection(event.target.value)}
          />
          <p id={`${id}-hint`} className="mt-1 mb-3 text-xs text-ink-soft">
            {t('ask.correctionHint')}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button
              look="primary"
              disabled={correction.trim() === ''}
              onClick={() => onSend(reason, correction.trim())}
            >
              {t('ask.sendFeedback')}
            </Button>
            <Button look="ghost" onClick={onClose}>
              {t('app.close')}
            </Button>
          </div>
        </div>
      )}
    </fieldset>
  );
}
