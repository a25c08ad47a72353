import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { InviteResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { isRight, toAttributes, type AttributeRow } from './attributes.ts';
import { AttributesEditor } from './attributes-editor.tsx';
import { Checks } from './checks.tsx';
import { Once } from './once.tsx';
import { groupsQuery } from './people-api.ts';
import { ROLES_SHOWN } from './roles.ts';
import { useChange } from './use-change.ts';

/** Invites a person: the link is shown once. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const language = useLanguage();
  const { data: groups = [] } = useQuery(groupsQuery);
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly string[]>(['user']);
  const [members, setMembers] = useState<readonly string[]>([]);
  const [rows, setRows] = useState<readonly AttributeRow[]>([]);
  const [made, setMade] = useState<{ token: string; expiresAt: string }>();
  const invite = useChange(
    async () => {
      const body = { name, roles, groups: members, attributes: toAttributes(rows) };
      setMade(await sendJson(InviteResponse, '/admin/v1/invitations', { method: 'POST', body }));
    },
    { keys: ['people'] },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate(undefined);
  };
  return (
    <Dialog title={t('people.invite')} onClose={onClose}>
      {made === undefined ? (
        <form onSubmit={submit} className="space-y-5 px-6 pb-6">
          <p className="text-sm text-ink-soft">{t('people.inviteHint')}</p>
          <Field
            required
            label={t('signIn.name')}
            hint={t('signIn.nameHint')}
            autoCapitalize="none"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
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
          <Button
            look="primary"
            type="submit"
            className="h-10 w-full"
            disabled={invite.isPending || roles.length === 0 || !rows.every(isRight)}
          >
            {t('people.inviteAction')}
          </Button>
        </form>
      ) : (
        <div className="space-y-5 px-6 pb-6">
          <Once
            label={t('people.inviteLink')}
            hint={t('people.inviteLinkHint', { date: formatTime(made.expiresAt, language) })}
            text={`${window.location.origin}/#/invitation/${made.token}`}
          />
          <Button look="primary" className="h-10 w-full" onClick={onClose}>
            {t('people.done')}
          </Button>
        </div>
      )}
    </Dialog>
  );
}
