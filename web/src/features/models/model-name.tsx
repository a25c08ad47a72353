import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';

/** The name by which people and programs ask for a model. */
export function ModelName({ name, onChange }: { name: string; onChange(name: string): void }) {
  const t = useTranslation();
  return (
    <Field
      required
      label={t('models.name')}
      hint={t('models.nameHint')}
      spellCheck={false}
      value={name}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
