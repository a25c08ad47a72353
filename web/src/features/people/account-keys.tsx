import { queryOptions, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { KeysResponse, NewKeyResponse } from '#wire/hradlo/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { RemoveButton } from '../../components/remove-button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { Once } from './once.tsx';
import { useChange } from './use-change.ts';

type Key = KeysResponse['keys'][number];

const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await sendJson(KeysResponse, '/hradlo/v1/keys', { signal })).keys,
});

function KeyRow({ item }: { item: Key }) {
  const t = useTranslation();
  const language = useLanguage();
  const revoke = useChange(() => send(`/hradlo/v1/keys/${item.id}`, { method: 'DELETE' }), {
    keys: ['keys'],
    said: t('account.keyRevokedDone'),
  });
  const isRevoked = item.revokedAt !== null;
  const used =
    item.lastUsedAt === null
      ? t('account.keyUnused')
      : t('account.keyUsed', { date: formatTime(item.lastUsedAt, language) });
  return (
    <li className="flex min-h-14 items-center gap-3 border-b border-line py-2 text-sm">
      <KeyRound aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1">
        <span className={`block truncate font-medium ${isRevoked ? 'line-through' : ''}`}>{item.name}</span>
        <span className="block text-xs text-ink-soft">{isRevoked ? t('account.keyRevoked') : used}</span>
      </span>
      {!isRevoked && (
        <RemoveButton
          label={t('account.revokeKey', { name: item.name })}
          hint={t('account.revokeKeyHint')}
          action={t('account.revokeKeyAction')}
          isBusy={revoke.isPending}
          onRemove={() => revoke.mutate(undefined)}
        />
      )}
    </li>
  );
}

function NewKey({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const [name, setName] = useState('');
  const [text, setText] = useState<string>();
  const create = useChange(
    async () => {
      const made = await sendJson(NewKeyResponse, '/hradlo/v1/keys', { method: 'POST', body: { name } });
      setText(made.key);
    },
    { keys: ['keys'] },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(undefined);
  };
  return (
    <Dialog title={t('account.newKey')} onClose={onClose}>
      {text === undefined ? (
        <form onSubmit={submit} className="space-y-5 px-6 pb-6">
          <Field
            required
            label={t('account.keyName')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button look="primary" type="submit" className="h-10 w-full" disabled={create.isPending}>
            {t('account.createKey')}
          </Button>
        </form>
      ) : (
        <div className="space-y-5 px-6 pb-6">
          <Once label={t('account.keyText')} hint={t('account.keyOnce')} text={text} />
          <Button look="primary" className="h-10 w-full" onClick={onClose}>
            {t('people.done')}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

/** Keys with which programs act in one's place. */
export function Keys() {
  const t = useTranslation();
  const keys = useQuery(keysQuery);
  const [isMaking, setIsMaking] = useState(false);
  return (
    <section>
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="font-semibold">{t('account.keys')}</h2>
          <p className="text-sm text-ink-soft">{t('account.keysHint')}</p>
        </div>
        <Button onClick={() => setIsMaking(true)}>{t('account.newKey')}</Button>
      </div>
      {keys.isPending && <Skeleton lines={2} className="mt-3" />}
      {keys.isError && (
        <Failure title={t('account.failed')} error={keys.error} onRetry={() => void keys.refetch()} />
      )}
      {keys.data?.length === 0 && <p className="mt-3 text-sm text-ink-soft">{t('account.noKeys')}</p>}
      <ul className="mt-2">
        {keys.data?.map((item) => (
          <KeyRow key={item.id} item={item} />
        ))}
      </ul>
      {isMaking && <NewKey onClose={() => setIsMaking(false)} />}
    </section>
  );
}
