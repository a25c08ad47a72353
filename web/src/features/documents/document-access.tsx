import { queryOptions, useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { ExceptionsResponse, ReadersResponse } from '#wire/admin/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import {
  ConditionFields,
  NO_CONDITION,
  toCondition,
  type ConditionDraft,
} from '../people/condition-fields.tsx';
import { sayCondition } from '../people/condition.ts';
import { DecisionRow } from '../people/decision-row.tsx';
import { groupsQuery, peopleQuery } from '../people/people-api.ts';
import { ROLES_SHOWN } from '../people/roles.ts';
import { LOCAL_ISSUER, sayReasons, saySubject } from '../people/subject.ts';
import { useChange } from '../people/use-change.ts';

type Exception = ExceptionsResponse['exceptions'][number];
type Override = Pick<Exception, 'inherits' | 'entries' | 'rules'>;

const pathOf = (id: string) => `/admin/v1/documents/${encodeURIComponent(id)}`;
const KEYS = ['document-readers', 'exceptions', 'reach'];

const readersQuery = (id: string) =>
  queryOptions({
    queryKey: ['document-readers', id],
    queryFn: async ({ signal }) =>
      (await sendJson(ReadersResponse, `${pathOf(id)}/access`, { signal })).people,
  });
const exceptionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['exceptions', id],
    queryFn: async ({ signal }) =>
      (await sendJson(ExceptionsResponse, `${pathOf(id)}/exceptions`, { signal })).exceptions,
  });

const NOTHING: Override = { inherits: true, entries: [], rules: [] };

/** What is sent: a condition that is not there is left out. */
function toBody({ inherits, entries, rules }: Override): object {
  return {
    inherits,
    rules,
    entries: entries.map(({ effect, subject, condition }) => ({
      effect,
      subject,
      ...(condition !== null && { condition }),
    })),
  };
}

function useNames() {
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  return { people, groups };
}

function NewEntry({ onAdd }: { onAdd(entry: Override['entries'][number]): void }) {
  const t = useTranslation();
  const names = useNames();
  const [subject, setSubject] = useState('everyone');
  const [effect, setEffect] = useState<'allow' | 'deny'>('deny');
  const [condition, setCondition] = useState<ConditionDraft>(NO_CONDITION);
  const subjects = [
    'everyone',
    ...names.groups.map((group) => `group:${group.id}`),
    ...ROLES_SHOWN.map((role) => `role:${role}`),
    ...names.people.map((person) => `principal:${LOCAL_ISSUER}/${person.id}`),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd({ effect, subject, condition: toCondition(condition) ?? null });
    setCondition(NO_CONDITION);
  };
  return (
    <form onSubmit={submit} className="mt-4 space-y-4 rounded-lg border border-line bg-surface p-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice
          label={t('rights.subject')}
          value={subject}
          options={subjects.map((value) => ({ value, name: saySubject(value, names, t) }))}
          onChoose={setSubject}
        />
        <Choice<'allow' | 'deny'>
          label={t('rights.effect')}
          value={effect}
          options={[
            { value: 'allow', name: t('rights.allow') },
            { value: 'deny', name: t('rights.deny') },
          ]}
          onChoose={setEffect}
        />
      </div>
      <ConditionFields isOptional draft={condition} onChange={setCondition} />
      <Button type="submit" icon={Plus}>
        {t('exception.add')}
      </Button>
    </form>
  );
}

function Exceptions({ documentId }: { documentId: string }) {
  const t = useTranslation();
  const names = useNames();
  const exceptions = useQuery(exceptionsQuery(documentId));
  const save = useChange(
    (override: Override) => send(`${pathOf(documentId)}/access`, { method: 'PUT', body: toBody(override) }),
    { keys: KEYS, said: t('exception.saved') },
  );
  const clear = useChange(() => send(`${pathOf(documentId)}/access`, { method: 'DELETE' }), {
    keys: KEYS,
    said: t('exception.cleared'),
  });
  if (exceptions.isPending) return <Skeleton lines={2} />;
  if (exceptions.isError)
    return (
      <Failure
        title={t('rights.failed')}
        error={exceptions.error}
        onRetry={() => void exceptions.refetch()}
      />
    );
  const own = exceptions.data.find(({ chunkId }) => chunkId === null);
  const parts = exceptions.data.filter(({ chunkId }) => chunkId !== null).length;
  const now: Override = own ?? NOTHING;
  const without = (index: number) => now.entries.filter((_, at) => at !== index);
  return (
    <>
      <label className="flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4.5"
          checked={now.inherits}
          disabled={save.isPending}
          onChange={(event) => save.mutate({ ...now, inherits: event.target.checked })}
        />
        <span>
          {t('exception.inherits')}
          <span className="block text-xs text-ink-soft">{t('exception.inheritsHint')}</span>
        </span>
      </label>
      <ul className="mt-3">
        {now.entries.map((entry, index) => (
          <li
            // Entries have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            className="flex min-h-12 items-center gap-3 border-b border-line px-2 text-sm"
          >
            <span className="min-w-0 flex-1">
              <span className="font-medium">{saySubject(entry.subject, names, t)}</span>{' '}
              <span className={entry.effect === 'deny' ? 'text-danger' : 'text-ink-soft'}>
                {t(`rights.${entry.effect}`)}
              </span>
              {entry.condition !== null && (
                <span className="block text-xs text-ink-soft">{sayCondition(entry.condition, t)}</span>
              )}
            </span>
            <IconButton
              icon={X}
              label={t('exception.remove', { name: saySubject(entry.subject, names, t) })}
              disabled={save.isPending}
              onClick={() => save.mutate({ ...now, entries: without(index) })}
            />
          </li>
        ))}
        {now.rules.map((rule) => (
          <li key={JSON.stringify(rule)} className="border-b border-line px-2 py-3 text-sm">
            {t('exception.rule', { rule: sayCondition(rule, t) })}
          </li>
        ))}
      </ul>
      {parts > 0 && <p className="mt-3 text-sm text-ink-soft">{t('exception.parts', { count: parts })}</p>}
      <NewEntry onAdd={(entry) => save.mutate({ ...now, entries: [...now.entries, entry] })} />
      {own !== undefined && (
        <Button look="ghost" className="mt-3" onClick={() => clear.mutate(undefined)}>
          {t('exception.clear')}
        </Button>
      )}
    </>
  );
}

/** Who can read a document and why, person by person; and what holds for it alone. */
export function DocumentAccess({ documentId }: { documentId: string }) {
  const t = useTranslation();
  const names = useNames();
  const mayManage = useMay('rights.manage');
  const readers = useQuery(readersQuery(documentId));
  return (
    <div className="max-w-176">
      <h2 className="mb-1 text-sm font-semibold">{t('exception.readers')}</h2>
      <p className="mb-2 text-xs text-ink-soft">{t('rights.viewAsHint')}</p>
      {readers.isPending && <Skeleton lines={3} />}
      {readers.isError && (
        <Failure title={t('rights.failed')} error={readers.error} onRetry={() => void readers.refetch()} />
      )}
      {readers.data?.length === 0 && <p className="text-sm text-ink-soft">{t('people.none')}</p>}
      <ul>
        {readers.data?.map((reader) => (
          <DecisionRow
            key={reader.userId}
            name={reader.displayName}
            isAllowed={reader.allowed}
            reasons={sayReasons(reader, names, t)}
          />
        ))}
      </ul>
      {mayManage && (
        <section className="mt-8">
          <h2 className="mb-2 text-sm font-semibold">{t('exception.title')}</h2>
          <Exceptions documentId={documentId} />
        </section>
      )}
    </div>
  );
}
