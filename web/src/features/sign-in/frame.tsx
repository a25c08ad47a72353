import type { FormEvent, ReactNode } from 'react';
import { ApiError, sayError } from '../../api/errors.ts';
import { Button } from '../../components/button.tsx';
import {
  changeLanguage,
  useLanguage,
  useTranslation,
  type TextKey,
  type Translate,
} from '../../i18n/index.ts';

const RULES: readonly TextKey[] = [
  'signIn.passphrase.short',
  'signIn.passphrase.long',
  'signIn.passphrase.repeats',
  'signIn.passphrase.name',
  'signIn.passphrase.sequence',
];

/** What was wrong with a form of an account, in the reader's language. */
export function sayAccountError(error: unknown, t: Translate): string {
  if (error instanceof ApiError) {
    const rule = RULES.find((key) => key === `signIn.${String(error.details['rule'])}`);
    if (rule !== undefined) return t(rule);
    if (error.code === 'limit.exceeded') return t('signIn.tooMany');
  }
  return sayError(error, t);
}

interface FrameProps {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  readonly isBusy: boolean;
  readonly error: string | undefined;
  readonly isInDialog?: boolean;
  readonly children: ReactNode;
  onSubmit(): void;
}

/** A form on a page of its own, before one is in. */
export function Frame({
  title,
  hint,
  action,
  isBusy,
  error,
  isInDialog = false,
  children,
  onSubmit,
}: FrameProps) {
  const t = useTranslation();
  const language = useLanguage();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onSubmit();
  };
  const form = (
    <form onSubmit={submit} className="space-y-5">
      <div>
        <h1 className="text-xl font-semibold">{title}</h1>
        <p className="mt-1 text-ink-soft">{hint}</p>
      </div>
      {children}
      {/* Its place is there before it is needed only for who listens: an alert must exist to be heard. */}
      <div role="alert">
        {error !== undefined && (
          <p className="rounded-md bg-danger-soft px-3.5 py-2.5 text-sm text-danger">{error}</p>
        )}
      </div>
      <Button look="primary" type="submit" disabled={isBusy} className="h-11 w-full">
        {action}
      </Button>
    </form>
  );
  if (isInDialog) return <div className="p-6">{form}</div>;
  return (
    <main className="flex h-full flex-col overflow-y-auto px-5">
      <div className="mx-auto my-auto w-full max-w-96 py-10">
        <p className="mb-8 flex items-center gap-2.5 font-semibold">
          <img src="/icon.svg" alt="" className="size-8" />
          {t('app.name')}
        </p>
        {form}
      </div>
      <footer className="flex justify-center pb-5">
        <Button look="ghost" onClick={() => void changeLanguage(language === 'cs' ? 'en' : 'cs')}>
          <span lang={language === 'cs' ? 'en' : 'cs'}>{language === 'cs' ? 'English' : 'Čeština'}</span>
        </Button>
      </footer>
    </main>
  );
}
