import { useQuery } from '@tanstack/react-query';
import { collectionsQuery } from '../../api/documents.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { DecisionRow } from './decision-row.tsx';
import { groupsQuery, peopleQuery, reachQuery, type Person } from './people-api.ts';
import { sayReasons } from './subject.ts';

/** What one person may read, as it is decided when they search. */
export function Reach({ person }: { person: Person }) {
  const t = useTranslation();
  const reach = useQuery(reachQuery(person.id));
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const { data: collections = [] } = useQuery(collectionsQuery);
  if (reach.isPending) return <Skeleton lines={3} />;
  if (reach.isError)
    return <Failure title={t('rights.failed')} error={reach.error} onRetry={() => void reach.refetch()} />;
  if (reach.data.length === 0) return <p className="text-sm text-ink-soft">{t('rights.noTargets')}</p>;
  return (
    <ul>
      {reach.data.map((target) => (
        <DecisionRow
          key={`${target.collectionId} ${target.documentId ?? ''}`}
          name={collections.find(({ id }) => id === target.collectionId)?.title ?? target.collectionId}
          note={target.documentId === null ? undefined : t('rights.exception')}
          isAllowed={target.allowed}
          reasons={sayReasons(target, { people, groups }, t)}
        />
      ))}
    </ul>
  );
}
