import { useQuery } from '@tanstack/react-query';
import { Download, Upload } from 'lucide-react';
import { useId, useRef, useState, type FormEvent } from 'react';
import { SynonymsResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Translate } from '../../i18n/index.ts';
import { downloadText } from '../ask/download.ts';
import { useChange } from '../people/use-change.ts';
import { synonymsQuery } from './operations-api.ts';

const PATH = '/admin/v1/synonyms';

/** Which line is wrong, where it is one. */
function sayFault(error: unknown, t: Translate): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === 'input.too_large') return t('synonyms.tooLarge');
  const { line } = error.details;
  return typeof line === 'number' ? t('synonyms.badLine', { line }) : undefined;
}

/** The list as it is edited. Nothing is set before somebody says so. */
function SynonymEditor({ text: kept, mayChange }: { text: string; mayChange: boolean }) {
  const t = useTranslation();
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(kept);
  const change = useChange(
    (next: string) => sendJson(SynonymsResponse, PATH, { method: 'PUT', body: { text: next } }),
    {
      keys: ['synonyms'],
      said: t('synonyms.saved'),
      saysItself: (error) => sayFault(error, t) !== undefined,
    },
  );
  const fault = sayFault(change.error, t);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(text);
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor={id} className="text-sm font-medium">
        {t('synonyms.list')}
      </label>
      <textarea
        id={id}
        rows={14}
        spellCheck={false}
        readOnly={!mayChange}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        aria-invalid={fault !== undefined}
        placeholder={t('synonyms.example')}
        value={text}
        className="mt-1.5 w-full rounded-md border border-line-strong bg-surface px-3.5 py-2.5 font-mono text-sm focus:border-accent"
        onChange={(event) => setText(event.target.value)}
      />
      {fault !== undefined && (
        <p id={`${id}-fault`} role="alert" className="mt-1.5 text-sm text-danger">
          {fault}
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {mayChange && (
          <>
            <Button look="primary" type="submit" disabled={text === kept || change.isPending}>
              {t('synonyms.save')}
            </Button>
            <input
              ref={file}
              type="file"
              accept=".txt,text/plain"
              className="sr-only"
              tabIndex={-1}
              aria-label={t('synonyms.import')}
              onChange={(event) => {
                const [chosen] = event.target.files ?? [];
                void chosen?.text().then(setText);
                event.target.value = '';
              }}
            />
            <Button icon={Upload} onClick={() => file.current?.click()}>
              {t('synonyms.import')}
            </Button>
          </>
        )}
        <Button icon={Download} disabled={kept === ''} onClick={() => downloadText('synonyms.txt', kept)}>
          {t('synonyms.export')}
        </Button>
      </div>
    </form>
  );
}

/** Words of one meaning in this organisation: questions are looked for by each of them. */
export function SynonymsTab() {
  const t = useTranslation();
  const language = useLanguage();
  const mayChange = useMay('operations.manage');
  const synonyms = useQuery(synonymsQuery);
  if (synonyms.isPending) return <Skeleton lines={6} />;
  if (synonyms.isError) {
    return (
      <Failure title={t('synonyms.failed')} error={synonyms.error} onRetry={() => void synonyms.refetch()} />
    );
  }
  const { text, groups, digest, chosenAt } = synonyms.data;
  return (
    <div className="max-w-176">
      <p className="mb-4 text-sm text-ink-soft">{t('synonyms.hint')}</p>
      <SynonymEditor key={digest} text={text} mayChange={mayChange} />
      {chosenAt !== null && (
        <p className="mt-4 text-xs text-ink-soft">
          {t('synonyms.since', { count: groups, date: formatTime(chosenAt, language) })}
        </p>
      )}
    </div>
  );
}
