import { useQuery } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { NewTenantResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { Once } from '../people/once.tsx';
import { useChange } from '../people/use-change.ts';
import { tenantsQuery } from './operations-api.ts';

interface Made {
  readonly link: string;
  readonly expiresAt: string;
}

function NewTenant() {
  const t = useTranslation();
  const language = useLanguage();
  const [name, setName] = useState('');
  const [administrator, setAdministrator] = useState('');
  const [made, setMade] = useState<Made>();
  const create = useChange(
    async () => {
      const body = { name, administrator };
      const { token, expiresAt } = await sendJson(NewTenantResponse, '/admin/v1/tenants', {
        method: 'POST',
        body,
      });
      setMade({ link: `${window.location.origin}/#/invitation/${token}`, expiresAt });
      setName('');
      setAdministrator('');
    },
    { keys: ['tenants'], said: t('tenants.created') },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(undefined);
  };
  return (
    <form onSubmit={submit} className="mt-6 space-y-4 rounded-lg border border-line bg-surface p-4">
      <h2 className="text-sm font-semibold">{t('tenants.new')}</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          required
          label={t('tenants.name')}
          hint={t('tenants.nameHint')}
          pattern="[a-z0-9][a-z0-9\-]{0,62}"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          required
          label={t('tenants.administrator')}
          hint={t('tenants.administratorHint')}
          spellCheck={false}
          value={administrator}
          onChange={(event) => setAdministrator(event.target.value)}
        />
      </div>
      <Button look="primary" type="submit" disabled={create.isPending}>
        {t('tenants.create')}
      </Button>
      {made && (
        <Once
          label={t('people.inviteLink')}
          hint={t('people.inviteLinkHint', { date: formatTime(made.expiresAt, language) })}
          text={made.link}
        />
      )}
    </form>
  );
}

/** The organisations of this installation. Of each, its name and nothing that is in it. */
export function TenantsTab() {
  const t = useTranslation();
  const tenants = useQuery(tenantsQuery);
  if (tenants.isPending) return <Skeleton lines={4} />;
  if (tenants.isError) {
    return (
      <Failure title={t('tenants.failed')} error={tenants.error} onRetry={() => void tenants.refetch()} />
    );
  }
  return (
    <div className="max-w-176">
      <p className="mb-3 text-sm text-ink-soft">{t('tenants.hint')}</p>
      <ul>
        {tenants.data.map((tenant) => (
          <li key={tenant.id} className="flex min-h-12 items-center gap-3 border-b border-line px-2">
            <Building2 aria-hidden className="size-4.5 text-ink-faint" />
            <span className="font-medium">{tenant.name}</span>
          </li>
        ))}
      </ul>
      <NewTenant />
    </div>
  );
}
