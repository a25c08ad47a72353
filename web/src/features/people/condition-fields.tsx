import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { CLEARANCES, toValues, type Clearance, type Condition } from './condition.ts';

const KINDS = ['none', 'anyOf', 'noneOf', 'clearance', 'purpose', 'during'] as const;
type Kind = (typeof KINDS)[number];

/** What is being typed; it becomes a rule when it is whole. */
export interface ConditionDraft {
  readonly kind: Kind;
  readonly attribute: string;
  readonly values: string;
  readonly atLeast: Clearance;
  readonly from: string;
  readonly to: string;
}

export const NO_CONDITION: ConditionDraft = {
  kind: 'none',
  attribute: 'department',
  values: '',
  atLeast: 'confidential',
  from: '',
  to: '',
};

const startOf = (date: string) => (date === '' ? {} : { fromMs: new Date(`${date}T00:00`).getTime() });
const endOf = (date: string) => (date === '' ? {} : { toMs: new Date(`${date}T23:59:59.999`).getTime() });

/** The rule that a draft stands for; undefined for none. */
export function toCondition(draft: ConditionDraft): Condition | undefined {
  const values = toValues(draft.values);
  const { kind } = draft;
  if (kind === 'none') return undefined;
  if (kind === 'purpose') return { kind, values };
  if (kind === 'clearance') return { kind, atLeast: draft.atLeast };
  if (kind === 'during') return { kind, ...startOf(draft.from), ...endOf(draft.to) };
  return { kind, attribute: draft.attribute, values };
}

interface ConditionFieldsProps {
  readonly draft: ConditionDraft;
  /** Whether there may be no rule at all. */
  readonly isOptional: boolean;
  onChange(draft: ConditionDraft): void;
}

/** An attribute rule, as fields. */
export function ConditionFields({ draft, isOptional, onChange }: ConditionFieldsProps) {
  const t = useTranslation();
  const change = (part: Partial<ConditionDraft>) => onChange({ ...draft, ...part });
  const kinds = KINDS.filter((kind) => isOptional || kind !== 'none');
  const hasValues = draft.kind === 'anyOf' || draft.kind === 'noneOf' || draft.kind === 'purpose';
  return (
    <div className="grid items-start gap-4 sm:grid-cols-3">
      <Choice<Kind>
        label={t('condition.title')}
        value={draft.kind}
        options={kinds.map((value) => ({ value, name: t(`condition.kind.${value}`) }))}
        onChoose={(kind) => change({ kind })}
      />
      {(draft.kind === 'anyOf' || draft.kind === 'noneOf') && (
        <Field
          required
          label={t('condition.attribute')}
          hint={t('condition.attributeHint')}
          pattern="[a-z][a-z0-9_\-]{0,49}"
          spellCheck={false}
          value={draft.attribute}
          onChange={(event) => change({ attribute: event.target.value })}
        />
      )}
      {hasValues && (
        <Field
          required
          label={t('condition.values')}
          hint={t('condition.valuesHint')}
          value={draft.values}
          onChange={(event) => change({ values: event.target.value })}
        />
      )}
      {draft.kind === 'clearance' && (
        <Choice<Clearance>
          label={t('condition.atLeast')}
          value={draft.atLeast}
          options={CLEARANCES.map((value) => ({ value, name: t(`class.${value}`) }))}
          onChoose={(atLeast) => change({ atLeast })}
        />
      )}
      {draft.kind === 'during' && (
        <>
          <Field
            type="date"
            label={t('condition.from')}
            value={draft.from}
            onChange={(event) => change({ from: event.target.value })}
          />
          <Field
            type="date"
            label={t('condition.to')}
            value={draft.to}
            onChange={(event) => change({ to: event.target.value })}
          />
        </>
      )}
    </div>
  );
}
