import { useState } from 'react';
import { ApiError } from '../../api/errors.ts';
import { beginSession } from '../../api/session.ts';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { Frame, sayAccountError } from './frame.tsx';

interface NewAccountProps {
  readonly kind: 'set-up' | 'invitation';
  readonly token: string;
  onDone(): void;
}

/** The first administrator, or an invited person, makes their account. */
export function NewAccount({ kind, token, onDone }: NewAccountProps) {
  const t = useTranslation();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const isFirst = kind === 'set-up';
  const submit = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const account = { token, displayName, passphrase, ...(isFirst && { name }) };
      await beginSession(isFirst ? '/hradlo/v1/set-up' : '/hradlo/v1/invitation', account);
      onDone();
    } catch (thrown) {
      const isStale = thrown instanceof ApiError && ['auth.required', 'conflict.state'].includes(thrown.code);
      setError(isStale ? t('signIn.staleLink') : sayAccountError(thrown, t));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Frame
      title={t(isFirst ? 'signIn.setUp' : 'signIn.invitation')}
      hint={t(isFirst ? 'signIn.setUpHint' : 'signIn.invitationHint')}
      action={t('signIn.create')}
      isBusy={isBusy}
      error={error}
      onSubmit={() => void submit()}
    >
      {isFirst && (
        <Field
          autoFocus
          required
          label={t('signIn.name')}
          hint={t('signIn.nameHint')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <Field
        autoFocus={!isFirst}
        required
        label={t('signIn.displayName')}
        autoComplete="name"
        value={displayName}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <Field
        required
        type="password"
        label={t('signIn.passphrase')}
        hint={t('signIn.passphraseHint')}
        autoComplete="new-password"
        minLength={12}
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      <p className="rounded-md bg-sunken px-3.5 py-2.5 text-xs text-ink-soft">{t('signIn.privacy')}</p>
    </Frame>
  );
}
