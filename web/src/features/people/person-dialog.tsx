import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { isRight, toAttributes, toRows, type AttributeRow } from './attributes.ts';
import { AttributesEditor } from './attributes-editor.tsx';
import { Checks } from './checks.tsx';
import { groupsQuery, type Person } from './people-api.ts';
import { Reach } from './reach.tsx';
import { ROLES_SHOWN } from './roles.ts';
import { useChange } from './use-change.ts';

function PersonForm({ person, onDone }: { person: Person; onDone(): void }) {
  const t = useTranslation();
  const { data: groups = [] } = useQuery(groupsQuery);
  const [roles, setRoles] = useState<readonly string[]>(person.roles);
  const [members, setMembers] = useState<readonly string[]>(person.groups);
  const [rows, setRows] = useState<readonly AttributeRow[]>(() => toRows(person.attributes));
  const [isActive, setIsActive] = useState(person.isActive);
  const path = `/admin/v1/people/${encodeURIComponent(person.id)}`;
  const body = { roles, groups: members, attributes: toAttributes(rows), isActive };
  const save = useChange(() => send(path, { method: 'PATCH', body }), {
    keys: ['people', 'groups', 'readers', 'reach'],
    said: t('people.saved'),
    onDone,
  });
  const end = useChange(() => send(`${path}/sessions`, { method: 'DELETE' }), {
    keys: [],
    said: t('people.sessionsEnded'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      <Checks
        legend={t('people.roles')}
        options={ROLES_SHOWN.map((id) => ({ id, name: t(`role.${id}`) }))}
        chosen={roles}
        onChange={setRoles}
      />
      {groups.length > 0 && (
        <Checks legend={t('people.groups')} options={groups} chosen={members} onChange={setMembers} />
      )}
      <AttributesEditor rows={rows} onChange={setRows} />
      <label className="flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4.5"
          checked={isActive}
          onChange={(event) => setIsActive(event.target.checked)}
        />
        <span>
          {t('people.active')}
          <span className="block text-xs text-ink-soft">{t('people.activeHint')}</span>
        </span>
      </label>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={save.isPending || !rows.every(isRight)}>
          {t('people.save')}
        </Button>
        <Button disabled={end.isPending} onClick={() => end.mutate(undefined)}>
          {t('people.endSessions')}
        </Button>
      </div>
    </form>
  );
}

/** One person: what they are, and what they may read with the reasons. */
export function PersonDialog({ person, onClose }: { person: Person; onClose(): void }) {
  const t = useTranslation();
  const mayManage = useMay('people.manage');
  const mayExplain = useMay('rights.explain');
  const [isShowing, setIsShowing] = useState(false);
  return (
    <Dialog title={person.displayName} onClose={onClose}>
      <div className="space-y-6 px-6 pb-6">
        {mayManage && <PersonForm person={person} onDone={onClose} />}
        {mayExplain && (
          <section className="border-t border-line pt-5">
            <h3 className="font-semibold">{t('people.viewAs')}</h3>
            <p className="mt-0.5 mb-3 text-xs text-ink-soft">{t('rights.viewAsHint')}</p>
            {isShowing ? (
              <Reach person={person} />
            ) : (
              <Button onClick={() => setIsShowing(true)}>
                {t('rights.viewAs', { name: person.displayName })}
              </Button>
            )}
          </section>
        )}
      </div>
    </Dialog>
  );
}
