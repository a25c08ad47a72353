import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { ConditionFields, NO_CONDITION, toCondition } from './condition-fields.tsx';
import { grantsPath, groupsQuery, peopleQuery } from './people-api.ts';
import { ROLES_SHOWN } from './roles.ts';
import { LOCAL_ISSUER, saySubject } from './subject.ts';
import { useChange } from './use-change.ts';

/** Gives somebody a collection, or denies it to them. */
export function GrantForm({ collectionId }: { collectionId: string }) {
  const t = useTranslation();
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const [effect, setEffect] = useState<'allow' | 'deny'>('allow');
  const [subject, setSubject] = useState('everyone');
  const [condition, setCondition] = useState(NO_CONDITION);
  const grant = useChange(
    () => {
      const rule = toCondition(condition);
      const body = { effect, subject, ...(rule && { condition: rule }) };
      return send(grantsPath(collectionId), { method: 'POST', body });
    },
    {
      keys: ['grants', 'readers', 'reach'],
      said: t('rights.granted'),
      onDone: () => setCondition(NO_CONDITION),
    },
  );
  const subjects = [
    'everyone',
    ...groups.map((group) => `group:${group.id}`),
    ...ROLES_SHOWN.map((role) => `role:${role}`),
    ...people.map((person) => `principal:${LOCAL_ISSUER}/${person.id}`),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    grant.mutate(undefined);
  };
  return (
    <form
      onSubmit={submit}
      className="mt-4 flex flex-wrap items-end gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <Choice
        className="min-w-0 flex-1 basis-52"
        label={t('rights.subject')}
        value={subject}
        options={subjects.map((value) => ({ value, name: saySubject(value, { people, groups }, t) }))}
        onChoose={setSubject}
      />
      <Choice<'allow' | 'deny'>
        className="basis-40 max-sm:basis-full"
        label={t('rights.effect')}
        value={effect}
        options={[
          { value: 'allow', name: t('rights.allow') },
          { value: 'deny', name: t('rights.deny') },
        ]}
        onChoose={setEffect}
      />
      <div className="w-full">
        <ConditionFields isOptional draft={condition} onChange={setCondition} />
      </div>
      <Button look="primary" type="submit" className="min-h-10" disabled={grant.isPending}>
        {t('rights.add')}
      </Button>
    </form>
  );
}
