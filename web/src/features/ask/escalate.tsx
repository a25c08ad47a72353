import { Check, SendHorizontal } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { send } from '../../api/client.ts';
import { sayError } from '../../api/errors.ts';
import { Button } from '../../components/button.tsx';
import { showToast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/index.ts';

/** Hands a question that found no answer on to those who keep the documents. */
export function Escalate({ answerId }: { answerId: string }) {
  const t = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const [state, setState] = useState<'closed' | 'open' | 'sending' | 'sent'>('closed');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setState('sending');
    send(`/hradlo/v1/answers/${answerId}/escalation`, { method: 'PUT', body: { text } }).then(
      () => setState('sent'),
      (error: unknown) => {
        setState('open');
        showToast(sayError(error, t));
      },
    );
  };
  if (state === 'sent') {
    return (
      <p role="status" className="mt-4 flex items-center gap-2 text-sm text-accent-ink">
        <Check aria-hidden className="size-4.5 shrink-0" />
        {t('ask.escalated')}
      </p>
    );
  }
  if (state === 'closed') {
    return (
      <Button data-print="hide" icon={SendHorizontal} className="mt-4" onClick={() => setState('open')}>
        {t('ask.escalate')}
      </Button>
    );
  }
  return (
    <form data-print="hide" onSubmit={submit} className="mt-4">
      <label htmlFor={id} className="text-sm font-medium">
        {t('ask.escalateNote')}
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={4000}
        // The person asked for it by pressing the button.
        autoFocus
        aria-describedby={`${id}-hint`}
        value={text}
        className="mt-1.5 w-full rounded-md border border-line-strong bg-canvas px-3 py-2 focus:border-accent"
        onChange={(event) => setText(event.target.value)}
      />
      <p id={`${id}-hint`} className="mt-1 mb-3 text-xs text-ink-soft">
        {t('ask.escalateHint')}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={state === 'sending'}>
          {t('ask.escalateSend')}
        </Button>
        <Button look="ghost" onClick={() => setState('closed')}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
