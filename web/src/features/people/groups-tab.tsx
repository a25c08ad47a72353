import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { RemoveButton } from '../../components/remove-button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { groupsQuery, type Group } from './people-api.ts';
import { useChange } from './use-change.ts';

function RemoveGroup({ group }: { group: Group }) {
  const t = useTranslation();
  const remove = useChange(
    () => send(`/admin/v1/groups/${encodeURIComponent(group.id)}`, { method: 'DELETE' }),
    { keys: ['groups', 'people', 'readers', 'grants'] },
  );
  return (
    <RemoveButton
      label={t('people.removeGroup', { name: group.name })}
      hint={t('people.removeGroupHint')}
      action={t('chats.delete')}
      isBusy={remove.isPending}
      onRemove={() => remove.mutate(undefined)}
    />
  );
}

/** Groups, and how many people are in each. */
export function GroupsTab() {
  const t = useTranslation();
  const mayManage = useMay('people.manage');
  const groups = useQuery(groupsQuery);
  const [name, setName] = useState('');
  const create = useChange(() => send('/admin/v1/groups', { method: 'POST', body: { name } }), {
    keys: ['groups'],
    onDone: () => setName(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(undefined);
  };
  if (groups.isPending) return <Skeleton lines={4} />;
  if (groups.isError) {
    return <Failure title={t('people.failed')} error={groups.error} onRetry={() => void groups.refetch()} />;
  }
  return (
    <div className="max-w-144">
      {mayManage && (
        <form onSubmit={submit} className="mb-4 flex flex-wrap gap-2">
          <input
            required
            aria-label={t('people.groupName')}
            placeholder={t('people.groupName')}
            value={name}
            className="h-10 min-w-0 flex-1 basis-56 rounded-md border border-line-strong bg-surface px-3.5 focus:border-accent"
            onChange={(event) => setName(event.target.value)}
          />
          <Button
            look="primary"
            icon={Plus}
            type="submit"
            className="min-h-10"
            disabled={create.isPending || name.trim() === ''}
          >
            {t('people.createGroup')}
          </Button>
        </form>
      )}
      {groups.data.length === 0 && <p className="text-ink-soft">{t('people.noGroups')}</p>}
      <ul>
        {groups.data.map((group) => (
          <li key={group.id} className="flex min-h-12 items-center gap-3 border-b border-line px-2">
            <span className="min-w-0 flex-1 truncate font-medium">{group.name}</span>
            <span className="text-sm text-ink-soft">{t('people.members', { count: group.memberCount })}</span>
            {mayManage && <RemoveGroup group={group} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
