import { useQueryClient } from '@tanstack/react-query';
import { KeyRound, RotateCw, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { ENTRY_REASON_CODES } from '#wire/hradlo/index.ts';
import { send } from '../../api/client.ts';
import type { Collection } from '../../api/documents.ts';
import { sayError } from '../../api/errors.ts';
import type { Entry } from '../../api/uploads.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useTranslation, type Translate } from '../../i18n/index.ts';
import { TROUBLE, UploadRow, WORKING } from './upload-row.tsx';

/** Why a file was put aside and what to do, in the reader's language. */
function sayReason({ reason }: Entry, t: Translate): string {
  if (reason === null) return t('entry.unknown', { detail: '' });
  const known = ENTRY_REASON_CODES.find((code) => code === reason.code);
  if (known !== undefined) return t(`entry.${known}`);
  return reason.code.startsWith('job.') ? t('entry.job') : t('entry.unknown', { detail: reason.message });
}

const LOCKED = new Set(['encrypted', 'wrong-password']);

function Unlock({ onSend }: { onSend(password: string): void }) {
  const t = useTranslation();
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(password);
  };
  return (
    <form onSubmit={submit} className="flex w-full flex-wrap items-end gap-3 ps-7.5 pt-2 pb-3">
      <div className="min-w-0 flex-1 basis-48 sm:max-w-80">
        <Field
          autoFocus
          required
          type="password"
          autoComplete="off"
          label={t('entry.password')}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      <Button type="submit" look="primary" className="min-h-11">
        {t('entry.unlock')}
      </Button>
    </form>
  );
}

/** A file that waits, or was put aside: with its reason, another try, a password where it is locked. */
export function EntryRow({ entry, collection }: { entry: Entry; collection: Collection }) {
  const t = useTranslation();
  const queries = useQueryClient();
  const [isUnlocking, setIsUnlocking] = useState(false);
  const act = (path: string, method: 'POST' | 'DELETE', body: object = {}) => {
    send(path, { method, ...(method === 'POST' && { body }) }).then(
      () => queries.invalidateQueries({ queryKey: ['entries', collection.name] }),
      (error: unknown) => showToast(sayError(error, t)),
    );
  };
  const retry = (body: object) => act(`/hradlo/v1/entries/${entry.id}/retry`, 'POST', body);
  const isQueued = entry.state === 'queued';
  const isLocked = LOCKED.has(entry.reason?.code ?? '');
  return (
    <UploadRow
      icon={isQueued ? WORKING : TROUBLE}
      name={entry.path}
      note={isQueued ? t('documents.reading') : sayReason(entry, t)}
      isFailed={!isQueued}
    >
      {!isQueued && (
        <span className="flex">
          {isLocked && (
            <IconButton
              icon={KeyRound}
              label={t('entry.password')}
              aria-expanded={isUnlocking}
              onClick={() => setIsUnlocking(!isUnlocking)}
            />
          )}
          <IconButton icon={RotateCw} label={t('app.retry')} onClick={() => retry({})} />
          <IconButton
            icon={Trash2}
            label={t('documents.takeAway', { name: entry.path })}
            onClick={() => act(`/hradlo/v1/entries/${entry.id}`, 'DELETE')}
          />
        </span>
      )}
      {!isQueued && isLocked && isUnlocking && (
        <Unlock
          onSend={(password) => {
            setIsUnlocking(false);
            retry({ password });
          }}
        />
      )}
    </UploadRow>
  );
}
