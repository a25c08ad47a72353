import { UserRound } from 'lucide-react';
import { useSession } from '../../api/session.ts';
import { PageHeader } from '../../app/page-header.tsx';
import { Empty } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { Keys } from './account-keys.tsx';
import { PassphraseForm, SecondStep } from './account-safety.tsx';
import { Sessions } from './account-sessions.tsx';

/** One's own sessions, keys and safety. */
export function AccountPage() {
  const t = useTranslation();
  const { state, person } = useSession();
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="" />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-16 sm:px-8">
        <div className="mx-auto max-w-176">
          <h1 className="text-xl font-semibold">{t('account.title')}</h1>
          <p className="mt-1 mb-8 text-ink-soft">
            {state === 'signed-in' ? person?.displayName : t('account.subtitle')}
          </p>
          {state === 'signed-in' ? (
            <div className="space-y-10">
              <Sessions />
              <Keys />
              <PassphraseForm />
              <SecondStep />
            </div>
          ) : (
            <Empty icon={UserRound} title={t('account.open')} hint={t('account.openHint')} />
          )}
        </div>
      </div>
    </div>
  );
}
