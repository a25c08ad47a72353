import { useId } from 'react';
import { Button } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import type { Person } from '../people/people-api.ts';
import { EVERY_EVENT, type AuditFilter } from './audit-api.ts';
import { EVENT_GROUPS, sayKind } from './audit-kinds.ts';

interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly people: readonly Person[];
  onChange(filter: AuditFilter): void;
}

function KindChoice({ kind, onChoose }: { kind: string; onChoose(kind: string): void }) {
  const t = useTranslation();
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="text-sm font-medium">
        {t('audit.what')}
      </label>
      <Select id={id} value={kind} className="mt-1.5" onChange={(event) => onChoose(event.target.value)}>
        <option value="">{t('audit.anything')}</option>
        {EVENT_GROUPS.map(({ title, kinds }) => (
          <optgroup key={title} label={t(title)}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {sayKind(one, t)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
    </div>
  );
}

/** Which events are shown: of one kind, by one person, about something, of some days. */
export function AuditFilters({ filter, people, onChange }: AuditFiltersProps) {
  const t = useTranslation();
  const change = (part: Partial<AuditFilter>) => onChange({ ...filter, ...part });
  const isAll = Object.values(filter).every((value) => value === '');
  const actors = [
    { value: '', name: t('audit.anybody') },
    { value: 'hradlo', name: t('audit.system') },
    ...people.map(({ id, displayName }) => ({ value: id, name: displayName })),
  ];
  return (
    <div role="search" className="mt-8 mb-6 grid grid-cols-2 items-start gap-4 lg:grid-cols-6">
      <div className="col-span-2 sm:col-span-1 lg:col-span-2">
        <KindChoice kind={filter.kind} onChoose={(kind) => change({ kind })} />
      </div>
      <div className="col-span-2 sm:col-span-1 lg:col-span-2">
        <Choice
          label={t('audit.who')}
          value={filter.actor}
          options={actors}
          onChoose={(actor) => change({ actor })}
        />
      </div>
      <Field
        type="date"
        label={t('audit.from')}
        value={filter.from}
        onChange={(event) => change({ from: event.target.value })}
      />
      <Field
        type="date"
        label={t('audit.to')}
        value={filter.to}
        onChange={(event) => change({ to: event.target.value })}
      />
      <div className="col-span-2 lg:col-span-4">
        <Field
          type="search"
          label={t('audit.text')}
          hint={t('audit.textHint')}
          maxLength={200}
          spellCheck={false}
          value={filter.text}
          onChange={(event) => change({ text: event.target.value })}
        />
      </div>
      {!isAll && (
        <Button look="ghost" className="col-span-2 self-center" onClick={() => onChange(EVERY_EVENT)}>
          {t('audit.clear')}
        </Button>
      )}
    </div>
  );
}
