import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { CLEARANCE, isRight, NAME_PATTERN, namesOf, newRow, type AttributeRow } from './attributes.ts';
import { CLEARANCES } from './condition.ts';
import { peopleQuery } from './people-api.ts';

interface AttributesEditorProps {
  readonly rows: readonly AttributeRow[];
  onChange(rows: readonly AttributeRow[]): void;
}

const INPUT =
  'h-10 w-full min-w-0 rounded-md border border-line-strong bg-surface px-3 text-sm focus:border-accent';

function Values({ row, onChange }: { row: AttributeRow; onChange(values: string): void }) {
  const t = useTranslation();
  const label = t('attributes.valuesOf', { name: row.name });
  if (row.name.trim() === CLEARANCE && isRight(row)) {
    return (
      <Select
        aria-label={label}
        value={row.values}
        className="min-w-0 flex-1"
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t('attributes.noClearance')}</option>
        {CLEARANCES.map((level) => (
          <option key={level} value={level}>
            {t(`class.${level}`)}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <input
      required
      aria-label={label}
      aria-invalid={!isRight(row)}
      placeholder={t('condition.values')}
      maxLength={2000}
      value={row.values}
      className={`${INPUT} flex-1`}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What attribute rules know of a person: names, each with its values. */
export function AttributesEditor({ rows, onChange }: AttributesEditorProps) {
  const t = useTranslation();
  const id = useId();
  const { data: people = [] } = useQuery(peopleQuery);
  const change = (rowId: number, part: Partial<AttributeRow>) =>
    onChange(rows.map((row) => (row.id === rowId ? { ...row, ...part } : row)));
  return (
    <fieldset aria-describedby={`${id}-hint`}>
      <legend className="mb-1 text-sm font-medium">{t('attributes.title')}</legend>
      <p id={`${id}-hint`} className="mb-2 text-xs text-ink-soft">
        {t('attributes.hint')}
      </p>
      <datalist id={`${id}-names`}>
        {namesOf(people).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <ul className="space-y-2">
        {rows.map((row) => (
          <li key={row.id} className="flex items-center gap-2">
            <input
              required
              aria-label={t('condition.attribute')}
              placeholder={t('attributes.name')}
              list={`${id}-names`}
              pattern={NAME_PATTERN}
              title={t('attributes.nameHint')}
              spellCheck={false}
              autoCapitalize="none"
              value={row.name}
              className={`${INPUT} max-w-40`}
              onChange={(event) => change(row.id, { name: event.target.value })}
            />
            <Values row={row} onChange={(values) => change(row.id, { values })} />
            <IconButton
              icon={Trash2}
              label={t('attributes.remove', { name: row.name })}
              onClick={() => onChange(rows.filter((known) => known.id !== row.id))}
            />
          </li>
        ))}
      </ul>
      {rows.some((row) => !isRight(row)) && (
        <p role="alert" className="mt-2 text-xs text-danger">
          {t('attributes.badClearance', { levels: CLEARANCES.join(', ') })}
        </p>
      )}
      <Button look="ghost" icon={Plus} className="mt-1" onClick={() => onChange([...rows, newRow()])}>
        {t('attributes.add')}
      </Button>
    </fieldset>
  );
}
