import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { collectionsQuery } from '../../api/documents.ts';
import { send } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { sayCondition } from './condition.ts';
import { DecisionRow } from './decision-row.tsx';
import { GrantForm } from './grant-form.tsx';
import { grantsPath, grantsQuery, groupsQuery, peopleQuery, readersQuery, type Grant } from './people-api.ts';
import { sayReasons, saySubject } from './subject.ts';
import { useChange } from './use-change.ts';

function GrantRow({ collectionId, grant }: { collectionId: string; grant: Grant }) {
  const t = useTranslation();
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const remove = useChange(() => send(grantsPath(collectionId, grant.id), { method: 'DELETE' }), {
    keys: ['grants', 'readers', 'reach'],
    said: t('rights.removed'),
  });
  return (
    <li className="flex min-h-12 items-center gap-3 border-b border-line px-2 text-sm">
      <span className="min-w-0 flex-1">
        <span className="font-medium">{saySubject(grant.subject, { people, groups }, t)}</span>{' '}
        <span className={grant.effect === 'deny' ? 'text-danger' : 'text-ink-soft'}>
          {t(`rights.${grant.effect}`)}
          {grant.condition !== null && ` · ${sayCondition(grant.condition, t)}`}
        </span>
      </span>
      <Button look="ghost" disabled={remove.isPending} onClick={() => remove.mutate(undefined)}>
        {t('rights.remove')}
      </Button>
    </li>
  );
}

function Grants({ collectionId }: { collectionId: string }) {
  const t = useTranslation();
  const grants = useQuery(grantsQuery(collectionId));
  if (grants.isPending) return <Skeleton lines={3} />;
  if (grants.isError) {
    return <Failure title={t('rights.failed')} error={grants.error} onRetry={() => void grants.refetch()} />;
  }
  return (
    <>
      {grants.data.length === 0 && (
        <p className="rounded-md bg-warn-soft px-3.5 py-2.5 text-sm text-warn">{t('rights.noGrants')}</p>
      )}
      <ul>
        {grants.data.map((grant) => (
          <GrantRow key={grant.id} collectionId={collectionId} grant={grant} />
        ))}
      </ul>
      <GrantForm collectionId={collectionId} />
    </>
  );
}

function Readers({ collectionId }: { collectionId: string }) {
  const t = useTranslation();
  const readers = useQuery(readersQuery(collectionId));
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  if (readers.isPending) return <Skeleton lines={3} />;
  if (readers.isError)
    return (
      <Failure title={t('rights.failed')} error={readers.error} onRetry={() => void readers.refetch()} />
    );
  if (readers.data.length === 0) return <p className="text-sm text-ink-soft">{t('rights.noPeople')}</p>;
  return (
    <ul>
      {readers.data.map((reader) => (
        <DecisionRow
          key={reader.userId}
          name={reader.displayName}
          isAllowed={reader.allowed}
          reasons={sayReasons(reader, { people, groups }, t)}
        />
      ))}
    </ul>
  );
}

/** Grants on a collection, and what they come to, person by person. */
export function RightsTab() {
  const t = useTranslation();
  const selectId = useId();
  const mayExplain = useMay('rights.explain');
  const list = useQuery(collectionsQuery);
  const [chosen, setChosen] = useState<string>();
  if (list.isPending) return <Skeleton lines={4} />;
  if (list.isError) {
    return <Failure title={t('rights.failed')} error={list.error} onRetry={() => void list.refetch()} />;
  }
  const collections = list.data;
  const collectionId = chosen ?? collections[0]?.id;
  if (collectionId === undefined) return <p className="text-ink-soft">{t('rights.noTargets')}</p>;
  return (
    <div className="max-w-176">
      <label htmlFor={selectId} className="text-sm font-medium">
        {t('rights.collection')}
      </label>
      <Select
        id={selectId}
        value={collectionId}
        className="mt-1.5 mb-6 max-w-96"
        onChange={(event) => setChosen(event.target.value)}
      >
        {collections.map((collection) => (
          <option key={collection.id} value={collection.id}>
            {collection.title}
          </option>
        ))}
      </Select>
      <h2 className="mb-1 text-sm font-semibold">{t('rights.grants')}</h2>
      <Grants key={collectionId} collectionId={collectionId} />
      {mayExplain && (
        <>
          <h2 className="mt-8 mb-1 text-sm font-semibold">{t('rights.readers')}</h2>
          <Readers collectionId={collectionId} />
        </>
      )}
    </div>
  );
}
