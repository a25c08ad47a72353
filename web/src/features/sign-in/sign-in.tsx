import { useState } from 'react';
import { ApiError } from '../../api/errors.ts';
import { beginSession } from '../../api/session.ts';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { Frame, sayAccountError } from './frame.tsx';

/** Signing in by passphrase, and by a code where the account asks for one. */
export function SignIn({ isAgain = false }: { isAgain?: boolean }) {
  const t = useTranslation();
  const [name, setName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [code, setCode] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      await beginSession('/hradlo/v1/session', { name, passphrase, ...(code && { code }) });
    } catch (thrown) {
      const needsCode = thrown instanceof ApiError && thrown.details['step'] === 'code';
      const isWrong = thrown instanceof ApiError && thrown.code === 'auth.required';
      if (needsCode && code === undefined) setCode('');
      else if (needsCode) setError(t('signIn.wrongCode'));
      else setError(isWrong ? t('signIn.wrong') : sayAccountError(thrown, t));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Frame
      title={t(isAgain ? 'signIn.expired' : 'signIn.title')}
      hint={t(isAgain ? 'signIn.expiredHint' : 'signIn.hint')}
      action={t('signIn.action')}
      isBusy={isBusy}
      error={error}
      isInDialog={isAgain}
      onSubmit={() => void submit()}
    >
      <Field
        autoFocus
        required
        label={t('signIn.name')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        required
        type="password"
        label={t('signIn.passphrase')}
        autoComplete="current-password"
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      {code !== undefined && (
        <Field
          autoFocus
          required
          label={t('signIn.code')}
          hint={t('signIn.codeHint')}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
    </Frame>
  );
}
