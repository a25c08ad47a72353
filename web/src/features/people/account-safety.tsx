import { useState, type FormEvent } from 'react';
import { TotpOfferResponse } from '#wire/hradlo/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { sayAccountError } from '../sign-in/frame.tsx';

/** A form's one action: busy while it runs, its failure said beside it. */
function useAction(): {
  readonly isBusy: boolean;
  readonly error: string | undefined;
  run(action: () => Promise<unknown>): Promise<void>;
} {
  const t = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async (action: () => Promise<unknown>) => {
    setIsBusy(true);
    setError(undefined);
    await action().catch((thrown: unknown) => setError(sayAccountError(thrown, t)));
    setIsBusy(false);
  };
  return { isBusy, error, run };
}

function Failed({ error }: { error: string | undefined }) {
  return (
    <div role="alert">
      {error !== undefined && (
        <p className="rounded-md bg-danger-soft px-3.5 py-2.5 text-sm text-danger">{error}</p>
      )}
    </div>
  );
}

/** Another passphrase; every other session ends. */
export function PassphraseForm() {
  const t = useTranslation();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { isBusy, error, run } = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await send('/hradlo/v1/account/passphrase', { method: 'PUT', body: { current, next } });
      setCurrent('');
      setNext('');
      showToast(t('account.changed'));
    });
  };
  return (
    <section>
      <h2 className="mb-4 font-semibold">{t('account.passphrase')}</h2>
      <form onSubmit={submit} className="max-w-96 space-y-4">
        <Field
          required
          type="password"
          autoComplete="current-password"
          label={t('account.current')}
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <Field
          required
          type="password"
          autoComplete="new-password"
          minLength={12}
          label={t('account.next')}
          hint={t('signIn.passphraseHint')}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        <Failed error={error} />
        <Button type="submit" disabled={isBusy}>
          {t('account.change')}
        </Button>
      </form>
    </section>
  );
}

type Offer = (typeof TotpOfferResponse)['_output'];

/** A code of an authenticator program as the second step of signing in. */
export function SecondStep() {
  const t = useTranslation();
  const [offer, setOffer] = useState<Offer>();
  const [code, setCode] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const { isBusy, error, run } = useAction();
  const path = '/hradlo/v1/account/totp';
  const finish = (said: string) => {
    setOffer(undefined);
    setCode('');
    setPassphrase('');
    showToast(said);
  };
  const start = () => run(async () => setOffer(await sendJson(TotpOfferResponse, path, { method: 'POST' })));
  const confirm = () =>
    run(async () => {
      await send(path, { method: 'PUT', body: { proof: offer?.proof, code, passphrase } });
      finish(t('account.totpOn'));
    });
  const remove = () =>
    run(async () => {
      await send(path, { method: 'DELETE', body: { passphrase } });
      finish(t('account.totpOff'));
    });
  return (
    <section className="max-w-96">
      <h2 className="font-semibold">{t('account.totp')}</h2>
      <p className="mb-4 text-sm text-ink-soft">{t('account.totpHint')}</p>
      <div className="space-y-4">
        {offer && (
          <>
            <Field
              readOnly
              label={t('account.totpSecret')}
              value={offer.secret}
              onFocus={(event) => event.target.select()}
            />
            <a href={offer.uri} className="text-sm font-medium text-accent-ink underline underline-offset-3">
              {t('account.totpOpen')}
            </a>
            <Field
              label={t('signIn.code')}
              hint={t('signIn.codeHint')}
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </>
        )}
        <Field
          type="password"
          autoComplete="current-password"
          label={t('account.current')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
        <Failed error={error} />
        <div className="flex flex-wrap gap-2">
          {offer === undefined ? (
            <Button disabled={isBusy} onClick={() => void start()}>
              {t('account.totpStart')}
            </Button>
          ) : (
            <Button
              look="primary"
              disabled={isBusy || code === '' || passphrase === ''}
              onClick={() => void confirm()}
            >
              {t('account.totpConfirm')}
            </Button>
          )}
          <Button look="ghost" disabled={isBusy || passphrase === ''} onClick={() => void remove()}>
            {t('account.totpRemove')}
          </Button>
        </div>
      </div>
    </section>
  );
}
